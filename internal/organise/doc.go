// Package organise holds what people order a library's documents by: tags with
// colours. Its other half is web/src/features/organise.
//
// Rules:
//   - Who may edit documents may make, change and delete tags, and put them on
//     documents; who may read sees them.
//   - Deleting a tag never deletes a document. A deleted tag keeps its documents
//     for a while, so that restoring it is the whole opposite.
//   - A change of documents answers with those that it really changed; the
//     opposite call with these brings back what was.
//   - Every change is in the library's change log: the tag's own with kind tag,
//     and each document's with kind document and operation organised.
//
// Which tags a document has, and a list's filter by them, are read by document.
package organise
