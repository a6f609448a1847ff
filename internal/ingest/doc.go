// Package ingest brings files in: uploads that survive whatever happens to
// browser, network or server, and the jobs that check and parse what arrived.
// Its other half is web/src/features/ingest.
//
// One upload, from its first byte:
//
//  1. A tus client announces the file. Whoever may not add documents, a file
//     that is too large, empty, or already in the library, is refused here,
//     before any byte is sent (create.go).
//  2. Bytes are appended to the blob uploads/<id>. They must begin as a PDF
//     may (store.go). The offset is the file's length on disk, so a
//     server that is killed loses at most what it had not yet read.
//  3. After the last byte, the file is flushed to disk and one transaction
//     makes the document, the edition, the change-log row and the parse job
//     (finish.go). Only then is the upload acknowledged. When the reply is
//     lost, asking again gives the same answer; when the server dies in
//     between, the tidy job does the rest (tidy.go).
//  4. The parse job checks the SHA-256, drops what the library has already,
//     parses in a child process, and stores the result (parse.go).
//
// An upload's state is for its uploader; an edition's state is for everybody.
package ingest
