// Package relocate copies and moves documents from one library to another with all
// that belongs to them. Its other half is web/src/features/relocate.
//
// Rules:
//   - One transaction for each document: after a crash it is here or there, never
//     in both or none. The whole is a job, which goes on where it was cut off.
//   - A moved document keeps its id, and so do its files, marks and replies: links
//     lead to it still, for those who are members where it is, and the bytes stay
//     where they are. What it had of the library's own, its tags, its collections
//     and its citation key, is kept with the relocation and put back by undoing it.
//   - A copy has blobs of its own. A blob is never shared between libraries, since
//     deleting one library's file would have to look into the others.
//   - What others made in private never goes into a copy. In a move it stays their
//     own: they see it where they are members, and nobody else does.
//   - What a feature keeps of a document, that feature moves and copies itself;
//     app puts them together (Carriers).
package relocate
