// Package importer uploads files and folders to a server: it finds the PDFs,
// asks for each whether the library has it already, sends the others several at
// a time, and can wait until they are parsed.
//
//	walk.go      which files
//	importer.go  the run
//	resume.go    unfinished uploads, kept across runs
//	wait.go      until the papers are ready
//	bring.go     bibliographies and archives, with the files that they name
//	watch.go     folders that are kept in step
package importer
