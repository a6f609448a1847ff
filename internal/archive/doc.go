// Package archive takes whole libraries out as a ZIP and brings such ZIPs in.
//
// What goes out can be read without this program: PDFs under readable names, works
// as CSL-JSON and BibTeX, marks as Web Annotations; docs/formats.md has the format.
// What comes in is an import as those of package intake are: looked through first,
// brought in by a job that goes on where it was cut off, and taken back at once.
//
//	format.go     what the ZIP holds
//	service.go    who may take what out
//	prepare.go    everything that is said of works, read at one moment
//	names.go      names of files that any system takes
//	assemble.go   the ZIP as it is sent, any part of it
//	open.go       a ZIP from anywhere, which may be hostile
//	check.go      what bringing it in would do
//	run.go        bringing it in
//	marks.go      marks that wait until their file was read
//
// Its other half is web/src/features/archive.
package archive
