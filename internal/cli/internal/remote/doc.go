// Package remote is a client of Scrollkeeper's HTTP API, as much of it as the
// command line needs: looking things up, and uploading a file over tus 1.0
// (https://tus.io/protocols/resumable-upload) in a way that survives a broken
// network, a restarted server and a restarted client.
package remote
