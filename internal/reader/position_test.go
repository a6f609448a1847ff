package reader_test

import (
	"fmt"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/reader"
)

func TestReadingPosition(t *testing.T) {
	e := setup(t)
	a := e.Add(t, documenttest.Doc{Pages: []string{"one", "two", "three"}})
	other := e.Add(t, documenttest.Doc{Pages: []string{"one"}})
	path := "/api/documents/" + a.DocumentID.String() + "/position"
	body := func(page int, at time.Time) string {
		return fmt.Sprintf(`{"edition_id":%q,"page":%d,"x":10.126,"y":700,"at":%q}`, a.EditionID, page, at.Format(time.RFC3339Nano))
	}
	get := func(p identity.Person) *reader.ReaderPosition {
		t.Helper()
		var got reader.ReaderPlace
		e.site.Do(p, "GET", path, "").Decode(t, &got)
		return got.Position
	}
	put := func(p identity.Person, page int, at time.Time) *reader.ReaderPosition {
		t.Helper()
		var got reader.ReaderPlace
		e.site.Do(p, "PUT", path, body(page, at)).Decode(t, &got)
		return got.Position
	}
	now := e.Clock.Now()

	if got := get(e.Reader); got != nil {
		t.Errorf("before the first: %+v", got)
	}
	if got := put(e.Reader, 2, now.Add(-time.Minute)); got == nil || got.Page != 2 || got.X != 10.13 || got.EditionID != a.EditionID || !got.At.Equal(now.Add(-time.Minute)) {
		t.Errorf("kept %+v", got)
	}
	t.Run("the later time holds, not the later request", func(t *testing.T) {
		if got := put(e.Reader, 1, now.Add(-time.Hour)); got.Page != 2 {
			t.Errorf("an older place took over: %+v", got)
		}
		if got := put(e.Reader, 3, now.Add(-time.Second)); got.Page != 3 {
			t.Errorf("a newer place did not: %+v", got)
		}
	})
	t.Run("a clock that is ahead keeps nobody out", func(t *testing.T) {
		if got := put(e.Reader, 1, now.Add(24*time.Hour)); got.Page != 1 || got.At.After(now) {
			t.Errorf("kept %+v", got)
		}
		e.Clock.Advance(time.Second)
		if got := put(e.Reader, 2, e.Clock.Now()); got.Page != 2 {
			t.Errorf("kept %+v", got)
		}
	})
	t.Run("is each person's own, and told to nobody", func(t *testing.T) {
		before := len(e.Changes(t))
		put(e.Editor, 1, now)
		if got := get(e.Reader); got.Page != 2 {
			t.Errorf("the reader's is %+v", got)
		}
		if after := len(e.Changes(t)); after != before {
			t.Errorf("%d rows more in the change log", after-before)
		}
	})
	t.Run("refusals", func(t *testing.T) {
		for name, c := range map[string]struct {
			person identity.Person
			body   string
			code   string
		}{
			"a stranger":                 {e.Stranger, body(1, now), "document_not_found"},
			"page 0":                     {e.Reader, body(0, now), "invalid_request"},
			"a page after the last":      {e.Reader, body(4, now), "bad_place"},
			"another document's edition": {e.Reader, fmt.Sprintf(`{"edition_id":%q,"page":1,"x":0,"y":0,"at":%q}`, other.EditionID, now.Format(time.RFC3339)), "edition_of_another_document"},
			"an edition that is not":     {e.Reader, fmt.Sprintf(`{"edition_id":%q,"page":1,"x":0,"y":0,"at":%q}`, a.DocumentID, now.Format(time.RFC3339)), "edition_of_another_document"},
			"far off the page":           {e.Reader, fmt.Sprintf(`{"edition_id":%q,"page":1,"x":1e30,"y":0,"at":%q}`, a.EditionID, now.Format(time.RFC3339)), "bad_place"},
		} {
			if got := e.site.Do(c.person, "PUT", path, c.body); got.Code() != c.code {
				t.Errorf("%s: %d %s, want %s", name, got.Status, got.Body, c.code)
			}
		}
		if got := e.site.Do(e.Stranger, "GET", path, ""); got.Code() != "document_not_found" {
			t.Errorf("a stranger reads: %d %s", got.Status, got.Body)
		}
	})
}
