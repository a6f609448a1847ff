// Package savedsearch keeps queries under names, in a library, for the person who
// made them or for all members, and tells who wants it of what newly matches. Its
// other half is web/src/features/savedsearch.
//
// Rules:
//   - One for oneself every member may make, and nobody else learns of it. Who may
//     edit documents may share one; a shared one is changed by who made it or by an
//     admin.
//   - A query that cannot be answered is not saved. One that could and cannot any
//     more, for its tag was deleted, is listed with the sentence that a search says.
//   - What matches depends on who asks: by:me is the reader, and nobody's private
//     marks are found by another.
//
// News (look.go). Each person and search has the library's version up to which was
// looked. A job that comes every few seconds reads the change log from there, finds
// out which documents the stretch concerns, and asks the query of these alone. What
// matches and is not among the matches that are kept is news; what was there before
// notices were switched on is put there first. Nobody is told of what they did
// themselves, and of each document and mark once.
package savedsearch
