// Package annotationtest makes documents with marks for other features' tests.
package annotationtest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

// Env is a library with people of each role, documents and marks. Jobs are
// inserted and do not run.
type Env struct {
	*documenttest.Env
	Marks *annotation.Service
	Site  *documenttest.Site

	mu     sync.Mutex
	events []annotation.Event
}

// New makes an Env in a database of its own, served with further features.
func New(t testing.TB, mounts ...func(*httpapi.API)) *Env {
	t.Helper()
	docs := documenttest.New(t, librarytest.New(t, postgrestest.New(t)))
	queue, err := jobs.New(docs.Pool, jobs.Config{})
	if err != nil {
		t.Fatalf("jobs: %v", err)
	}
	e := &Env{Env: docs, Marks: annotation.NewService(annotation.Parts{
		Pool: docs.Pool, Libraries: docs.Service, Documents: docs.Documents, Jobs: queue, Clock: docs.Clock,
	})}
	e.Marks.OnEvent = func(_ context.Context, _ *postgres.Tx, event annotation.Event) error {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.events = append(e.events, event)
		return nil
	}
	mounts = append(slices.Clone(mounts), func(api *httpapi.API) { annotation.Mount(api, e.Marks) })
	e.Site = documenttest.Serve(t, mounts...)
	return e
}

// Events gives what listeners were told since the last call.
func (e *Env) Events() []annotation.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	events := e.events
	e.events = nil
	return events
}

// Body is a mark in the form in which a client sends it; Send fills in what is
// left out.
type Body map[string]any

// On makes the body of a highlight of one range of a document's first edition.
func On(a documenttest.Added, page, start, end int) Body {
	return Body{"edition_id": a.EditionID, "kind": "highlight", "parts": []Body{{"page": page, "start": start, "end": end}}}
}

// With is a copy with other members.
func (b Body) With(members ...any) Body {
	c := Body{}
	maps.Copy(c, b)
	for i := 0; i+1 < len(members); i += 2 {
		c[fmt.Sprint(members[i])] = members[i+1]
	}
	return c
}

// JSON is the body as it is sent.
func (b Body) JSON(t testing.TB) string {
	t.Helper()
	encoded, err := json.Marshal(b)
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	return string(encoded)
}

// Send asks for a mark over HTTP: a shared key point unless the body says
// otherwise.
func (e *Env) Send(t testing.TB, p identity.Person, a documenttest.Added, b Body, headers ...string) documenttest.Answer {
	t.Helper()
	full := Body{"id": uuid.Must(uuid.NewV7()), "meaning": "key", "private": false}
	maps.Copy(full, b)
	return e.Site.Do(p, "POST", "/api/documents/"+a.DocumentID.String()+"/annotations", full.JSON(t), headers...)
}

// Mark makes a mark over HTTP that must be taken.
func (e *Env) Mark(t testing.TB, p identity.Person, a documenttest.Added, b Body) annotation.AnnotationItem {
	t.Helper()
	answer := e.Send(t, p, a, b)
	if answer.Status != 201 {
		t.Fatalf("make a mark: %d %s", answer.Status, answer.Body)
	}
	var item annotation.AnnotationItem
	answer.Decode(t, &item)
	return item
}

// Answer makes a reply over HTTP that must be taken.
func (e *Env) Answer(t testing.TB, p identity.Person, markID uuid.UUID, body string) annotation.AnnotationReply {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	answer := e.Site.Do(p, "POST", "/api/annotations/"+markID.String()+"/replies", Body{"id": id, "body": body}.JSON(t))
	if answer.Status != 201 {
		t.Fatalf("reply: %d %s", answer.Status, answer.Body)
	}
	var item annotation.AnnotationItem
	answer.Decode(t, &item)
	for _, r := range item.Replies {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("the reply is not in the answer: %s", answer.Body)
	return annotation.AnnotationReply{}
}

// List gives what p sees of a document's marks.
func (e *Env) List(t testing.TB, p identity.Person, a documenttest.Added) []annotation.AnnotationItem {
	t.Helper()
	answer := e.Site.Do(p, "GET", "/api/documents/"+a.DocumentID.String()+"/annotations", "")
	if answer.Status != 200 {
		t.Fatalf("list marks: %d %s", answer.Status, answer.Body)
	}
	var list annotation.AnnotationList
	answer.Decode(t, &list)
	return list.Items
}
