package organise_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/organise"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

type env struct {
	*documenttest.Env
	organise *organise.Service
}

func setup(t *testing.T) env {
	t.Helper()
	e := documenttest.New(t, librarytest.New(t, postgrestest.New(t)))
	return env{Env: e, organise: organise.New(e.Pool, e.Service, e.Clock)}
}

// documents adds n documents that wait to be parsed, and gives their ids in order.
func (e env) documents(t *testing.T, n int) []uuid.UUID {
	t.Helper()
	ids := make([]uuid.UUID, n)
	for i := range ids {
		ids[i] = e.Upload(t, documenttest.Doc{}).DocumentID
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return ids
}

func (e env) tag(t *testing.T, name string) uuid.UUID {
	t.Helper()
	tag, err := e.organise.MakeTag(t.Context(), e.Editor, e.LibraryID, name, "grey")
	if err != nil {
		t.Fatalf("make tag %q: %v", name, err)
	}
	return tag.ID
}

// listed gives the ids of the documents that q finds, in order.
func (e env) listed(t *testing.T, q document.ListQuery) []uuid.UUID {
	t.Helper()
	q.Limit = 100
	l, err := e.Documents.List(t.Context(), e.Reader, e.LibraryID, q)
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	if l.Total != int64(len(l.Items)) {
		t.Errorf("total %d of %d documents", l.Total, len(l.Items))
	}
	ids := []uuid.UUID{}
	for _, d := range l.Items {
		ids = append(ids, d.ID)
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return ids
}

// elsewhere is a library of the stranger.
func (e env) elsewhere(t *testing.T) uuid.UUID {
	t.Helper()
	l, err := e.Service.Create(t.Context(), e.Stranger, "Elsewhere")
	if err != nil {
		t.Fatalf("create library: %v", err)
	}
	return l.ID
}

func code(err error) string {
	if err == nil {
		return ""
	}
	f, ok := fault.As(err)
	if !ok {
		return err.Error()
	}
	return f.Code
}

func (e env) mounts() []func(*httpapi.API) {
	return []func(*httpapi.API){
		func(api *httpapi.API) { document.Mount(api, e.Documents) },
		func(api *httpapi.API) { organise.Mount(api, e.organise) },
	}
}
