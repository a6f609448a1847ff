package document_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

func setup(t *testing.T) *documenttest.Env {
	t.Helper()
	return documenttest.New(t, librarytest.New(t, postgrestest.New(t)))
}

// blobs lists the keys in the store.
func blobs(t *testing.T, e *documenttest.Env) []string {
	t.Helper()
	var keys []string
	if err := e.Blobs.List(t.Context(), "", func(i blob.Info) error { keys = append(keys, i.Key); return nil }); err != nil {
		t.Fatal(err)
	}
	slices.Sort(keys)
	return keys
}

// operations lists what the change log says of a document.
func operations(t *testing.T, e *documenttest.Env, documentID uuid.UUID) []string {
	t.Helper()
	var ops []string
	for _, c := range e.Changes(t) {
		if c.Kind == "document" && c.ObjectID == documentID {
			ops = append(ops, c.Op)
		}
	}
	return ops
}
