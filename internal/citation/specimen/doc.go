// Package specimen makes up references whose parts are known: records of works
// that do not exist, printed in the styles of many fields and languages, with
// the noise of line ends. The sequence model is trained on them.
//
//	words.go    the words that records are made of
//	record.go   works
//	names.go    how names are printed
//	style.go    styles, as templates
//	render.go   from record and style to text with labels
package specimen
