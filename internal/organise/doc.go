// Package organise holds what people order a library's documents by: tags with
// colours, and nested collections. Its other half is web/src/features/organise.
//
// Rules:
//   - Who may edit documents may make, change and delete tags and collections, and
//     put documents in them; who may read sees them.
//   - Deleting a tag or a collection never deletes a document. What was deleted
//     keeps its documents for a while, so that restoring it is the whole opposite.
//   - A change of documents answers with those that it really changed; the
//     opposite call with these brings back what was.
//   - Collections are a tree: at most 10 deep, and none in itself. A document may
//     be in several; a list of one shows what is in those under it too.
//   - Whoever changes a tag, or the tree, has the library to themselves meanwhile
//     (an advisory lock, taken before any row); whoever changes documents has the
//     tag or the collection. So nobody waits for each other, and a tree that was
//     checked is the one that is changed.
//   - Every change is in the library's change log: the tag's own with kind tag, the
//     collection's with kind collection, and each document's with kind document
//     and operation organised.
//
// Which tags and collections a document has, and a list's filters by them, are
// read by document.
package organise
