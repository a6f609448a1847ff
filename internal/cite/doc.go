// Package cite takes a library's works out as citations, as bibliographies in the
// styles of CSL, and as files in bibliographic formats.
//
//	service.go    who may, and citations formatted by package citeproc
//	export.go     files, written by package biblio while they are read
//	keys.go       citation keys, given once and kept
//
// Its other half is web/src/features/cite.
package cite
