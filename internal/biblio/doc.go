// Package biblio reads and writes bibliographic formats: BibTeX and biblatex,
// RIS, CSL-JSON, EndNote XML and PubMed NBIB, and reads Zotero's RDF. A record is a CSL item and what
// CSL has no place for: a citation key, tags, notes, collections and files.
//
// Readers hold one record at a time. What is wrong with a record is told with
// its line, and reading goes on behind it. What each format can hold is in
// docs/formats.md.
package biblio
