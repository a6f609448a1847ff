// Package reader delivers files to whoever may read them: byte ranges of a PDF,
// through a bounded cache in memory (cache.go), and the picture of its first
// page. It also knows where people are in a document: each person's own place,
// kept (position.go), and who is there at this moment, passing (events.go). Its
// other half is web/src/features/reader.
//
// Rules:
//   - Every request is authorised, also one for bytes that the browser has: it
//     must ask again (no-cache) and is answered 304 only then.
//   - Whole files pass by the cache, so that one download does not drive out
//     what many people read.
//   - Presence is for the document's readers, and holds places and never text.
package reader
