package library_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/guard"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Fatalf("got error %v, want code %q", err, code)
	}
}

func TestAuthorize(t *testing.T) {
	e := librarytest.New(t, postgrestest.New(t))
	authorize := func(p identity.Person, a library.Action) error {
		_, err := e.Service.Authorize(t.Context(), e.Pool, p, a, e.LibraryID)
		return err
	}

	t.Run("a library does not exist for who is no member", func(t *testing.T) {
		wantCode(t, authorize(e.Stranger, library.ReadLibrary), "library_not_found")
		_, err := e.Service.Authorize(t.Context(), e.Pool, e.Owner, library.ReadLibrary, uuid.New())
		wantCode(t, err, "library_not_found")
	})
	t.Run("a role that is not enough is told so", func(t *testing.T) {
		wantCode(t, authorize(e.Reader, library.AddDocument), "role_forbids")
		wantCode(t, authorize(e.Commenter, library.AddDocument), "role_forbids")
		wantCode(t, authorize(e.Editor, library.InviteMember), "role_forbids")
	})
	t.Run("a role that is enough passes", func(t *testing.T) {
		for _, p := range []identity.Person{e.Editor, e.Admin, e.Owner} {
			if err := authorize(p, library.AddDocument); err != nil {
				t.Errorf("%s: %v", p.Name, err)
			}
		}
	})
}

func TestSetRole(t *testing.T) {
	e := librarytest.New(t, postgrestest.New(t))
	set := func(by, who identity.Person, role library.Role) error {
		return e.Service.SetRole(t.Context(), by, e.LibraryID, who.ID, role)
	}

	wantCode(t, set(e.Admin, e.Reader, library.Admin), "role_forbids")
	wantCode(t, set(e.Admin, e.Admin, library.Editor), "role_forbids")
	wantCode(t, set(e.Admin, e.Owner, library.Editor), "role_forbids")
	wantCode(t, set(e.Owner, e.Reader, library.Owner), "role_forbids")
	wantCode(t, set(e.Editor, e.Reader, library.Commenter), "role_forbids")
	wantCode(t, set(e.Owner, e.Stranger, library.Reader), "member_not_found")
	if err := set(e.Admin, e.Reader, library.Editor); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Service.Authorize(t.Context(), e.Pool, e.Reader, library.AddDocument, e.LibraryID); err != nil {
		t.Errorf("the new role does not hold: %v", err)
	}
	if err := set(e.Owner, e.Admin, library.Reader); err != nil {
		t.Fatal(err)
	}
}

func TestRemoveMember(t *testing.T) {
	e := librarytest.New(t, postgrestest.New(t))
	var lost []uuid.UUID
	e.Service.OnRemoved = func(_ context.Context, personID, _ uuid.UUID) { lost = append(lost, personID) }

	wantCode(t, e.Service.RemoveMember(t.Context(), e.Owner, e.LibraryID, e.Owner.ID), "role_forbids")
	wantCode(t, e.Service.RemoveMember(t.Context(), e.Editor, e.LibraryID, e.Reader.ID), "role_forbids")
	wantCode(t, e.Service.RemoveMember(t.Context(), e.Admin, e.LibraryID, e.Owner.ID), "role_forbids")
	for _, step := range []struct{ by, who identity.Person }{{e.Reader, e.Reader}, {e.Admin, e.Editor}, {e.Owner, e.Admin}} {
		if err := e.Service.RemoveMember(t.Context(), step.by, e.LibraryID, step.who.ID); err != nil {
			t.Fatalf("%s removes %s: %v", step.by.Name, step.who.Name, err)
		}
		_, err := e.Service.Get(t.Context(), step.who, e.LibraryID)
		wantCode(t, err, "library_not_found")
	}
	if len(lost) != 3 {
		t.Errorf("told of %d removals, want 3", len(lost))
	}
}

func TestInvitation(t *testing.T) {
	setup := func(t *testing.T) (*librarytest.Env, string) {
		t.Helper()
		e := librarytest.New(t, postgrestest.New(t))
		_, secret, err := e.Service.Invite(t.Context(), e.Owner, e.LibraryID, library.Editor, nil)
		if err != nil {
			t.Fatal(err)
		}
		return e, secret
	}

	t.Run("makes one person a member, once", func(t *testing.T) {
		e, secret := setup(t)
		o, err := e.Service.Preview(t.Context(), nil, secret, "192.0.2.1")
		if err != nil || o.LibraryName != "Open Methods Lab" || o.InviterName != "olga" || o.Role != library.Editor {
			t.Fatalf("preview: %+v, %v", o, err)
		}
		if _, err := e.Service.Accept(t.Context(), e.Stranger, secret); err != nil {
			t.Fatal(err)
		}
		_, err = e.Service.Preview(t.Context(), nil, secret, "192.0.2.1")
		wantCode(t, err, "invitation_gone")
		got, err := e.Service.Get(t.Context(), e.Stranger, e.LibraryID)
		if err != nil || got.Role != library.Editor {
			t.Errorf("the new member sees %+v, %v", got, err)
		}
	})
	t.Run("keeps a member's role and stays for somebody else", func(t *testing.T) {
		e, secret := setup(t)
		if _, err := e.Service.Accept(t.Context(), e.Reader, secret); err != nil {
			t.Fatal(err)
		}
		if lib, _ := e.Service.Get(t.Context(), e.Reader, e.LibraryID); lib.Role != library.Reader {
			t.Errorf("a reader became %s", lib.Role)
		}
		if _, err := e.Service.Accept(t.Context(), e.Stranger, secret); err != nil {
			t.Error(err)
		}
	})
	t.Run("runs out after a week", func(t *testing.T) {
		e, secret := setup(t)
		e.Clock.Advance(library.InvitationLifetime)
		_, err := e.Service.Accept(t.Context(), e.Stranger, secret)
		wantCode(t, err, "invitation_gone")
	})
	t.Run("makes no account when the link is gone", func(t *testing.T) {
		e, _ := setup(t)
		n := identity.NewPerson{Email: "new@example.org", Name: "New", Password: "correct horse battery"}
		_, _, err := e.Service.AcceptAsNew(t.Context(), n, "made-up", "192.0.2.1")
		wantCode(t, err, "invitation_gone")
		var count int
		if err := e.Pool.QueryRow(t.Context(), `SELECT count(*) FROM people WHERE email = 'new@example.org'`).Scan(&count); err != nil || count != 0 {
			t.Errorf("%d accounts, %v", count, err)
		}
	})
	t.Run("gives an account and a membership in one step", func(t *testing.T) {
		e, secret := setup(t)
		n := identity.NewPerson{Email: "new@example.org", Name: "New", Password: "correct horse battery"}
		p, id, err := e.Service.AcceptAsNew(t.Context(), n, secret, "192.0.2.1")
		if err != nil || id != e.LibraryID {
			t.Fatal(id, err)
		}
		if _, err := e.Service.Get(t.Context(), p, e.LibraryID); err != nil {
			t.Error(err)
		}
	})
	t.Run("only the owner invites admins", func(t *testing.T) {
		e, _ := setup(t)
		_, _, err := e.Service.Invite(t.Context(), e.Admin, e.LibraryID, library.Admin, nil)
		wantCode(t, err, "role_forbids")
		_, _, err = e.Service.Invite(t.Context(), e.Owner, e.LibraryID, library.Owner, nil)
		wantCode(t, err, "role_forbids")
		_, _, err = e.Service.Invite(t.Context(), e.Editor, e.LibraryID, library.Reader, nil)
		wantCode(t, err, "role_forbids")
	})
	t.Run("two who accept at once get one place", func(t *testing.T) {
		e, secret := setup(t)
		other, err := identity.New(e.Pool, guard.New(e.Pool, e.Clock), e.Clock, identity.Config{SessionLifetime: time.Hour}).
			CreatePerson(t.Context(), identity.NewPerson{Email: "o@example.org", Name: "Other", Password: "correct horse battery"})
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, p := range []identity.Person{e.Stranger, other} {
			wg.Go(func() { _, errs[i] = e.Service.Accept(t.Context(), p, secret) })
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("got %v and %v, want one success", errs[0], errs[1])
		}
	})
}

func TestChangeLog(t *testing.T) {
	t.Run("counts up by one, also under parallel writers", func(t *testing.T) {
		e := librarytest.New(t, postgrestest.New(t))
		before := len(e.Changes(t))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 5 {
					err := postgres.InTx(t.Context(), e.Pool, func(_ context.Context, tx *postgres.Tx) error {
						for range 3 {
							e.Service.Record(tx, library.Change{LibraryID: e.LibraryID, Kind: library.KindDocument, ObjectID: uuid.New(), Op: library.OpChanged})
						}
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		log := e.Changes(t)
		if len(log) != before+8*5*3 {
			t.Fatalf("%d changes, want %d", len(log), before+120)
		}
		for i, c := range log {
			if c.Version != int64(i+1) {
				t.Fatalf("change %d has version %d", i, c.Version)
			}
		}
	})
	t.Run("writes and tells nothing when the transaction fails", func(t *testing.T) {
		e := librarytest.New(t, postgrestest.New(t))
		before, told := len(e.Changes(t)), len(e.News.All())
		failure := errors.New("no")
		err := postgres.InTx(t.Context(), e.Pool, func(_ context.Context, tx *postgres.Tx) error {
			e.Service.Record(tx, library.Change{LibraryID: e.LibraryID, Kind: library.KindDocument, ObjectID: uuid.New(), Op: library.OpAdded})
			return failure
		})
		if !errors.Is(err, failure) || len(e.Changes(t)) != before || len(e.News.All()) != told {
			t.Errorf("err %v, %d changes, %d news", err, len(e.Changes(t))-before, len(e.News.All())-told)
		}
	})
	t.Run("hides what is meant for one person from the others", func(t *testing.T) {
		e := librarytest.New(t, postgrestest.New(t))
		record := func(audience uuid.NullUUID) {
			err := postgres.InTx(t.Context(), e.Pool, func(_ context.Context, tx *postgres.Tx) error {
				e.Service.Record(tx, library.Change{LibraryID: e.LibraryID, Kind: library.KindUpload, ObjectID: uuid.New(), Op: library.OpDuplicate, Audience: audience})
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		record(uuid.NullUUID{UUID: e.Editor.ID, Valid: true})
		see := func(p identity.Person) library.Log {
			log, err := e.Service.Changes(t.Context(), p, e.LibraryID, 1, 1000)
			if err != nil {
				t.Fatal(err)
			}
			return log
		}
		if log := see(e.Editor); len(log.Items) != 1 || log.Version != 2 {
			t.Errorf("the editor sees %+v", log)
		}
		// The owner sees nothing, but gets past it.
		if log := see(e.Owner); len(log.Items) != 0 || log.Version != 2 || log.Latest != 2 {
			t.Errorf("the owner sees %+v", log)
		}
	})
	t.Run("is read in stretches", func(t *testing.T) {
		e := librarytest.New(t, postgrestest.New(t))
		for i := range 7 {
			if _, err := e.Service.Rename(t.Context(), e.Owner, e.LibraryID, fmt.Sprintf("Name %d", i)); err != nil {
				t.Fatal(err)
			}
		}
		var got []int64
		since := int64(0)
		for {
			log, err := e.Service.Changes(t.Context(), e.Owner, e.LibraryID, since, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range log.Items {
				got = append(got, c.Version)
			}
			since = log.Version
			if log.Version == log.Latest {
				break
			}
		}
		if len(got) != 8 || got[7] != 8 {
			t.Errorf("got %v", got)
		}
	})
}
