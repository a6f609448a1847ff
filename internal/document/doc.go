// Package document holds the works of a library: what is known about each
// (claims, from which title, authors and year are derived), its files
// (editions) and the text of their pages. Its other half is
// web/src/features/document.
//
// Rules:
//   - A document is shown as its claims say: a person's word wins, then the
//     most confident source (claim.go). Nothing else writes a title.
//   - An edition goes queued, checking, parsing, ready or failed (document.go).
//     Each run of the parse job is an attempt with a number, and only the newest
//     may store anything: a worker that was thought dead is refused (attempt.go).
//   - A library holds equal bytes once. Two libraries never know of each other.
//   - A document of somebody else's library does not exist: the answer is the
//     same as for an id that was never given.
//   - What is indexed and what is asked for are cut into words in one place
//     (terms.go).
//
// For people, Service asks the library for permission. For ingest, which has
// asked already or acts as a job, there are the methods of attempt.go.
package document
