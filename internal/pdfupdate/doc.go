// Package pdfupdate writes marks into a PDF by an incremental update (ISO
// 32000-2, 7.5.6): the file's bytes stay as they are, and what is new follows
// them. So a signature on the file keeps its worth, a large file costs no more
// than a small one to write, and nothing of the file can be lost.
//
// The file is read with pdfcpu's parser, whole and into memory. A file from a
// stranger therefore is read in a child process alone; see package extract.
//
//	update.go       which objects are new and which change
//	file.go         the file's pages and the annotations that it has already
//	xref.go         the end of the update: cross-references and trailer
//	object.go       objects as bytes, and their encryption
//	annotation.go   a mark as a dictionary
//	appearance.go   a mark as a drawing
//	text.go         texts, and their width in Helvetica
package pdfupdate
