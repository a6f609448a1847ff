// Package intake brings bibliographies into a library: files of records in
// BibTeX, RIS and the other formats of package biblio.
//
// A file is looked through first, and what would happen is said: which works are
// new, which the library has already, which records cannot be read. Then its
// person says whether it comes in. Both are jobs; one that is cut off goes on
// where it was. What an import brought can be taken back at once.
package intake
