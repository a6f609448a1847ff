// Package migrations holds the database schema: numbered SQL files in one order
// for all features, embedded in the binary and run by platform/postgres.
//
// A file is never changed after it was in a release; what follows is a new file.
package migrations

import "embed"

// FS holds the SQL files at its root, named 0001_subject.sql and so on, in goose's format.
//
//go:embed *.sql
var FS embed.FS
