package document_test

import (
	"crypto/sha256"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

func TestWhoMayDoWhat(t *testing.T) {
	e := setup(t)
	everybody := []identity.Person{e.Owner, e.Admin, e.Editor, e.Commenter, e.Reader, e.Stranger}
	const (
		yes, forbidden, hidden = "", "role_forbids", "document_not_found"
	)
	for name, c := range map[string]struct {
		do   func(identity.Person, documenttest.Added) error
		want [6]string
	}{
		"get": {func(p identity.Person, a documenttest.Added) error {
			_, err := e.Documents.Get(t.Context(), p, a.DocumentID)
			return err
		}, [6]string{yes, yes, yes, yes, yes, hidden}},
		"pages": {func(p identity.Person, a documenttest.Added) error {
			_, err := e.Documents.Pages(t.Context(), p, a.EditionID)
			return err
		}, [6]string{yes, yes, yes, yes, yes, hidden}},
		"page": {func(p identity.Person, a documenttest.Added) error {
			_, err := e.Documents.Page(t.Context(), p, a.EditionID, 1)
			return err
		}, [6]string{yes, yes, yes, yes, yes, hidden}},
		"list": {func(p identity.Person, _ documenttest.Added) error {
			_, err := e.Documents.List(t.Context(), p, e.LibraryID, document.ListQuery{Limit: 1})
			return err
		}, [6]string{yes, yes, yes, yes, yes, "library_not_found"}},
		"find by hash": {func(p identity.Person, a documenttest.Added) error {
			hash := sha256.Sum256(a.File)
			_, err := e.Documents.FindBySHA256(t.Context(), p, e.LibraryID, hash[:])
			return err
		}, [6]string{yes, yes, yes, yes, yes, "library_not_found"}},
		"references": {func(p identity.Person, a documenttest.Added) error {
			_, err := e.Documents.References(t.Context(), p, a.EditionID)
			return err
		}, [6]string{yes, yes, yes, yes, yes, hidden}},
		"take a field back": {func(p identity.Person, a documenttest.Added) error {
			_, err := e.Documents.TakeBackField(t.Context(), p, a.DocumentID, document.Correction{Field: "title"})
			return err
		}, [6]string{yes, yes, yes, forbidden, forbidden, hidden}},
		"correct a field": {func(p identity.Person, a documenttest.Added) error {
			_, err := e.Documents.SetField(t.Context(), p, a.DocumentID, documenttest.Title("A title"))
			return err
		}, [6]string{yes, yes, yes, forbidden, forbidden, hidden}},
		"trash": {func(p identity.Person, a documenttest.Added) error {
			_, err := e.Documents.Trash(t.Context(), p, a.DocumentID)
			return err
		}, [6]string{yes, yes, yes, forbidden, forbidden, hidden}},
		"restore": {func(p identity.Person, a documenttest.Added) error {
			_, err := e.Documents.Restore(t.Context(), p, a.DocumentID)
			return err
		}, [6]string{yes, yes, yes, forbidden, forbidden, hidden}},
		"purge": {func(p identity.Person, a documenttest.Added) error {
			return e.Documents.Purge(t.Context(), p, a.DocumentID)
		}, [6]string{"not_in_trash", "not_in_trash", forbidden, forbidden, forbidden, hidden}},
	} {
		t.Run(name, func(t *testing.T) {
			a := e.Add(t, documenttest.Doc{Pages: []string{"text"}})
			for i, p := range everybody {
				got := ""
				if err := c.do(p, a); err != nil {
					f, ok := fault.As(err)
					if !ok {
						t.Fatalf("%s: %v", p.Name, err)
					}
					got = f.Code
				}
				if got != c.want[i] {
					t.Errorf("%s: got %q, want %q", p.Name, got, c.want[i])
				}
			}
		})
	}
}

func TestNothingIsToldOfWhatDoesNotExist(t *testing.T) {
	e := setup(t)
	nowhere := uuid.New()
	if _, err := e.Documents.Get(t.Context(), e.Owner, nowhere); !fault.Is(err, "document_not_found") {
		t.Errorf("get: %v", err)
	}
	if _, err := e.Documents.Trash(t.Context(), e.Owner, nowhere); !fault.Is(err, "document_not_found") {
		t.Errorf("trash: %v", err)
	}
	if err := e.Documents.Purge(t.Context(), e.Owner, nowhere); !fault.Is(err, "document_not_found") {
		t.Errorf("purge: %v", err)
	}
	if _, err := e.Documents.Page(t.Context(), e.Owner, nowhere, 1); !fault.Is(err, "document_not_found") {
		t.Errorf("page: %v", err)
	}
}

func TestTheTrash(t *testing.T) {
	e := setup(t)
	a := e.Add(t, documenttest.Doc{Pages: []string{"text"}, Thumbnail: []byte("x")})
	kept := e.Add(t, documenttest.Doc{Pages: []string{"text"}})
	listed := func(trashed bool) []uuid.UUID {
		l, err := e.Documents.List(t.Context(), e.Reader, e.LibraryID, document.ListQuery{Trashed: trashed, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		ids := make([]uuid.UUID, len(l.Items))
		for i, d := range l.Items {
			ids[i] = d.ID
		}
		return ids
	}

	for range 2 { // the second time changes nothing
		d, err := e.Documents.Trash(t.Context(), e.Editor, a.DocumentID)
		if err != nil || d.TrashedAt == nil {
			t.Fatalf("trash: %+v, %v", d, err)
		}
	}
	if got := listed(true); !slices.Equal(got, []uuid.UUID{a.DocumentID}) {
		t.Errorf("trash holds %v", got)
	}
	if got := listed(false); !slices.Equal(got, []uuid.UUID{kept.DocumentID}) {
		t.Errorf("library holds %v", got)
	}
	d, err := e.Documents.Restore(t.Context(), e.Editor, a.DocumentID)
	if err != nil || d.TrashedAt != nil || len(listed(true)) != 0 {
		t.Fatalf("restore: %+v, %v", d, err)
	}
	purge(t, e, a.DocumentID)
	if _, err := e.Documents.Restore(t.Context(), e.Owner, a.DocumentID); !fault.Is(err, "document_not_found") {
		t.Errorf("restored after the purge: %v", err)
	}
	want := []string{"added", "state", "state", "state", "trashed", "restored", "trashed", "removed"}
	if got := operations(t, e, a.DocumentID); !slices.Equal(got, want) {
		t.Errorf("changes %v, want %v", got, want)
	}
	if keys := blobs(t, e); len(keys) != 2 || !strings.Contains(strings.Join(keys, " "), kept.EditionID.String()) {
		t.Errorf("blobs left: %v", keys)
	}
	referenced, err := e.Documents.ReferencedBlobs(t.Context(), append(blobs(t, e), "uploads/"+a.EditionID.String(), "uploads/other"))
	if err != nil || len(referenced) != 2 {
		t.Errorf("referenced %v, %v", referenced, err)
	}
}

func TestTitles(t *testing.T) {
	e := setup(t)
	a := e.Add(t, documenttest.Doc{Pages: []string{"text"}})
	for name, title := range map[string]string{"empty": "", "blank": " \t\n", "too long": strings.Repeat("ü", 501), "a control character": "a\x07b"} {
		if _, err := e.Documents.SetField(t.Context(), e.Editor, a.DocumentID, documenttest.Title(title)); !fault.Is(err, "bad_title") {
			t.Errorf("%s: %v", name, err)
		}
	}
	d, err := e.Documents.SetField(t.Context(), e.Editor, a.DocumentID, documenttest.Title("  Ünïcode \n title "))
	if err != nil || d.Title != "Ünïcode title" {
		t.Errorf("%q, %v", d.Title, err)
	}
	got, err := e.Documents.Get(t.Context(), e.Reader, a.DocumentID)
	if err != nil || got.Claims[0].Source != csl.SourcePerson || got.Claims[0].Confidence != 1 || got.CSL.Title != "Ünïcode title" {
		t.Errorf("%+v, %v", got.Claims, err)
	}
}

func TestPagesOfAnEditionThatIsNotReady(t *testing.T) {
	e := setup(t)
	a := e.Upload(t, documenttest.Doc{})
	if _, err := e.Documents.Pages(t.Context(), e.Reader, a.EditionID); !fault.Is(err, "not_ready") {
		t.Errorf("pages: %v", err)
	}
	if _, err := e.Documents.Page(t.Context(), e.Reader, a.EditionID, 1); !fault.Is(err, "not_ready") {
		t.Errorf("page: %v", err)
	}
}
