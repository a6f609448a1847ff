//go:build race

package extract

// raceDetector: its shadow memory counts as data, so that the limit on data
// would hit a child under test before it did anything.
const raceDetector = true
