package notify_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/notify"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// record writes one row of the change log about a mark.
func (e *env) record(by identity.Person, op string, mark uuid.UUID, audience ...identity.Person) {
	e.t.Helper()
	c := library.Change{LibraryID: e.LibraryID, Kind: library.KindAnnotation, ObjectID: mark, Op: op, Actor: uuid.NullUUID{UUID: by.ID, Valid: true}}
	if len(audience) > 0 {
		c.Audience = uuid.NullUUID{UUID: audience[0].ID, Valid: true}
	}
	if err := postgres.InTx(e.t.Context(), e.Pool, func(_ context.Context, tx *postgres.Tx) error {
		e.Service.Record(tx, c)
		return nil
	}); err != nil {
		e.t.Fatal(err)
	}
}

// history writes what a change to a mark was.
func (e *env) history(by identity.Person, what string, mark uuid.UUID, reply uuid.NullUUID) {
	e.t.Helper()
	e.exec(`INSERT INTO annotation_history (library_id, annotation_id, reply_id, at, person_id, person_name, what, private) VALUES ($1, $2, $3, $4, $5, $6, $7, false)`,
		e.LibraryID, mark, reply, e.Clock.Now(), by.ID, by.Name, what)
}

// did says what the activity holds, newest first.
func did(a notify.Activity) []string {
	list := []string{}
	for _, i := range a.Items {
		s := fmt.Sprintf("%s %s %s", i.Actor, i.Kind, i.Op)
		if i.What != "" {
			s = fmt.Sprintf("%s %s %q", i.Actor, i.What, i.Said)
		}
		if i.Count > 1 {
			s += fmt.Sprintf(" ×%d", i.Count)
		}
		list = append(list, s)
	}
	return list
}

func (e *env) activity(p identity.Person, documentID *uuid.UUID) []string {
	e.t.Helper()
	var page notify.Activity
	var err error
	if documentID != nil {
		page, err = e.service.DocumentActivity(e.t.Context(), p, *documentID, 0)
	} else {
		page, err = e.service.LibraryActivity(e.t.Context(), p, e.LibraryID, 0)
	}
	if err != nil {
		e.t.Fatalf("activity: %v", err)
	}
	return did(page)
}

func TestActivity(t *testing.T) {
	t.Parallel()
	e := setup(t)
	second := e.Add(t, documenttest.Doc{Title: "A second paper", Pages: []string{"text"}})
	e.Rename(t, second.DocumentID, "A better title")
	mark := e.mark(e.Owner, "a thesis")
	e.history(e.Owner, "made", mark, uuid.NullUUID{})
	e.record(e.Owner, library.OpAdded, mark)
	reply := e.reply(mark, e.Commenter, "an answer")
	e.history(e.Commenter, "made", mark, uuid.NullUUID{UUID: reply, Valid: true})
	e.record(e.Commenter, library.OpChanged, mark)
	e.history(e.Owner, "resolved", mark, uuid.NullUUID{})
	e.record(e.Owner, library.OpChanged, mark)
	secret := e.mark(e.Commenter, "for me alone")
	e.exec(`UPDATE annotations SET private = true WHERE id = $1`, secret)
	e.record(e.Commenter, library.OpAdded, secret, e.Commenter)

	public := []string{
		`olga resolved "a thesis"`, `commenter reply "an answer"`, `olga made "a thesis"`,
		"editor document changed", "editor document added ×2", "olga library added",
	}
	if got := e.activity(e.Reader, nil); !slices.Equal(got, public) {
		t.Errorf("a reader sees %q", got)
	}
	if got, want := e.activity(e.Commenter, nil), append([]string{`commenter made "for me alone"`}, public...); !slices.Equal(got, want) {
		t.Errorf("its author sees %q", got)
	}
	if got, want := e.activity(e.Reader, &e.paper.DocumentID), []string{`olga resolved "a thesis"`, `commenter reply "an answer"`, `olga made "a thesis"`, "editor document added"}; !slices.Equal(got, want) {
		t.Errorf("of the document: %q", got)
	}

	// What was shared and is private now is hidden with all its past; what was
	// deleted leaves that it was, and no words.
	e.exec(`UPDATE annotations SET private = true WHERE id = $1`, mark)
	if got := e.activity(e.Reader, nil); !slices.Equal(got, public[3:]) {
		t.Errorf("made private: %q", got)
	}
	e.exec(`UPDATE annotations SET private = false, deleted_at = now() WHERE id = $1`, mark)
	e.record(e.Owner, library.OpRemoved, mark)
	if got, want := e.activity(e.Reader, nil), append([]string{`olga deleted ""`}, public[3:]...); !slices.Equal(got, want) {
		t.Errorf("deleted: %q", got)
	}

	if _, err := e.service.LibraryActivity(t.Context(), e.Stranger, e.LibraryID, 0); !fault.Is(err, "library_not_found") {
		t.Errorf("a stranger: %v", err)
	}
	if _, err := e.service.DocumentActivity(t.Context(), e.Stranger, second.DocumentID, 0); !fault.Is(err, "document_not_found") {
		t.Errorf("a stranger: %v", err)
	}
}

func TestActivityGoesBackwardsToTheEnd(t *testing.T) {
	t.Parallel()
	e := setup(t)
	mark := e.mark(e.Owner, "x")
	// Two people in turn, so that nothing is folded; more than two stretches.
	e.exec(`INSERT INTO library_changes (library_id, version, kind, object_id, op, actor_id, at)
		SELECT $1, 1000 + n, CASE WHEN n % 3 = 0 THEN 'upload' ELSE 'document' END, $2, 'changed', CASE WHEN n % 2 = 0 THEN $3::uuid ELSE $4::uuid END, now()
		FROM generate_series(1, 700) n`, e.LibraryID, e.paper.DocumentID, e.Owner.ID, e.Editor.ID)
	_ = mark
	for name, load := range map[string]func(before int64) (notify.Activity, error){
		"library": func(b int64) (notify.Activity, error) {
			return e.service.LibraryActivity(t.Context(), e.Reader, e.LibraryID, b)
		},
		"document": func(b int64) (notify.Activity, error) {
			return e.service.DocumentActivity(t.Context(), e.Reader, e.paper.DocumentID, b)
		},
	} {
		seen, last, pages := 0, int64(1<<62), 0
		for before := int64(0); ; pages++ {
			page, err := load(before)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range page.Items {
				if a.Version >= last {
					t.Fatalf("%s: %d after %d", name, a.Version, last)
				}
				last = a.Version
				seen += a.Count
			}
			if before = page.Next; before == 0 {
				break
			}
		}
		if seen < 466 || pages < 2 {
			t.Errorf("%s: %d changes on %d pages", name, seen, pages+1)
		}
	}
}
