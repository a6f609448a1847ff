package reader_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
	"scrollkeeper.example/scrollkeeper/internal/platform/realtime"
	"scrollkeeper.example/scrollkeeper/internal/platform/realtime/realtimetest"
	"scrollkeeper.example/scrollkeeper/internal/reader"
)

// node is one of several servers on one database.
type node struct {
	site *documenttest.Site
	live string
	bus  *realtime.Bus
}

func startNode(t *testing.T, docs *documenttest.Env) node {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	bus := realtime.NewBus(docs.Pool, log)
	presences := realtime.NewPresences(docs.Pool, bus, log, realtime.PresenceTimes{})
	s, err := reader.New(reader.Parts{
		Pool: docs.Pool, Documents: docs.Documents, Blobs: docs.Blobs, Clock: docs.Clock, Presences: presences,
	}, reader.Config{})
	if err != nil {
		t.Fatal(err)
	}
	sockets, err := realtime.NewNode(docs.Pool, realtime.Config{
		Logger: log, Presences: presences, Methods: s.Methods(),
		User: func(ctx context.Context) (string, error) {
			p, err := identity.FromContext(ctx)
			return p.ID.String(), err
		},
		Authorize: func(ctx context.Context, _, topic string) error {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return err
			}
			return s.AuthorizeTopic(ctx, p, topic)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	<-sockets.Ready()
	live := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, p := range []identity.Person{docs.Owner, docs.Editor, docs.Reader, docs.Stranger} {
			if p.Name == r.Header.Get("Person") {
				r = r.WithContext(identity.WithPerson(r.Context(), p))
			}
		}
		sockets.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		for _, stop := range []func(context.Context) error{sockets.Shutdown, presences.Close, bus.Close} {
			if err := stop(ctx); err != nil {
				t.Errorf("stop: %v", err)
			}
		}
		live.Close()
	})
	return node{site: documenttest.Serve(t, func(api *httpapi.API) { reader.Mount(api, s) }), live: live.URL, bus: bus}
}

func (n node) dial(t *testing.T, p identity.Person) *realtimetest.Socket {
	t.Helper()
	return realtimetest.Dial(t, n.live, http.Header{"Person": {p.Name}})
}

func (n node) watch(t *testing.T, p identity.Person, documentID uuid.UUID) *realtimetest.Socket {
	t.Helper()
	s := n.dial(t, p)
	if code := s.Subscribe(reader.Topic(documentID)); code != 0 {
		t.Fatalf("subscribe: %d", code)
	}
	return s
}

func (n node) present(t *testing.T, p identity.Person, documentID uuid.UUID) []reader.Here {
	t.Helper()
	var list reader.ReaderPresence
	n.site.Do(p, "GET", "/api/documents/"+documentID.String()+"/presence", "").Decode(t, &list)
	return list.Items
}

func TestPresence(t *testing.T) {
	docs := documenttest.New(t, librarytest.New(t, postgrestest.New(t)))
	one, two := startNode(t, docs), startNode(t, docs)
	a := docs.Add(t, documenttest.Doc{Pages: []string{"one", "two"}})
	topic := reader.Topic(a.DocumentID)
	editor, watcher := one.watch(t, docs.Editor, a.DocumentID), two.watch(t, docs.Reader, a.DocumentID)
	say := func(s *realtimetest.Socket, rest string) int {
		return s.Call("presence", fmt.Sprintf(`{"document_id":%q%s}`, a.DocumentID, rest))
	}

	t.Run("says where somebody is, on another node", func(t *testing.T) {
		rest := `,"page":2,"x":1.23456,"y":-0.001,"text":"secret","selection":{"page":2,"quads":[[1,2,3,4,5,6,7,8.999]],"text":"secret"}`
		if code := say(editor, rest); code != 0 {
			t.Fatal(code)
		}
		want := fmt.Sprintf(`{"type":"here","socket":%q,"person":{"id":%q,"name":"editor"},"edition_id":null,"page":2,"x":1.23,"y":0,`+
			`"selection":{"page":2,"quads":[[1,2,3,4,5,6,7,9]]}}`, editor.ID, docs.Editor.ID)
		if got := watcher.Next(topic); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if got := two.present(t, docs.Reader, a.DocumentID); len(got) != 1 || got[0].Socket != editor.ID || got[0].Person.Name != "editor" ||
			got[0].Page != 2 || got[0].Selection.Quads[0][7] != 9 {
			t.Errorf("present %+v", got)
		}
	})
	t.Run("cuts a selection to what can be sent", func(t *testing.T) {
		quad := `[100.111,200.222,300.333,400.444,500.555,600.666,700.777,800.888]`
		if code := say(editor, `,"page":1,"x":0,"y":0,"selection":{"page":1,"quads":[`+strings.Repeat(quad+",", 199)+quad+`]}`); code != 0 {
			t.Fatal(code)
		}
		got := watcher.Next(topic)
		var here reader.Here
		if err := json.Unmarshal([]byte(got), &here); err != nil {
			t.Fatalf("%s: %v", got, err)
		}
		if n := len(here.Selection.Quads); n < 100 || n >= 200 || len(got) > realtime.MaxPayload || len(got) < realtime.MaxPayload-100 {
			t.Errorf("%d quads in %d bytes", n, len(got))
		}
	})
	t.Run("refuses what is no place", func(t *testing.T) {
		quads := func(n int) string {
			return `[` + strings.TrimSuffix(strings.Repeat(`[0,0,0,0,0,0,0,0],`, n), ",") + `]`
		}
		for _, rest := range []string{
			``, `,"page":0`, `,"page":-1`, `,"page":1.5`, `,"page":"1"`, `,"page":1000001`, `,"page":1,"x":1e300`, `,"page":1,"y":1e999`,
			`,"page":1,"x":"0"`, `,"page":1,"selection":[]`, `,"page":1,"selection":{"page":0,"quads":[]}`,
			`,"page":1,"selection":{"page":1,"quads":` + quads(201) + `}`, `,"page":1,"selection":{"page":1,"quads":[[1,2,3]]}`,
			`,"page":1,"selection":{"page":1,"quads":[null]}`, `,"page":1,"selection":{"page":1,"quads":[[0,0,0,0,0,0,0,1e9]]}`,
			`,"page":1,"edition_id":"x"`,
		} {
			if code := say(editor, rest); code != 422 {
				t.Errorf("%.60s: code %d, want 422", rest, code)
			}
		}
		for _, data := range []string{`null`, `1`, `[]`, `{"document_id":"x","page":1}`} {
			if code := editor.Call("presence", data); code != 422 {
				t.Errorf("%s: code %d, want 422", data, code)
			}
		}
	})
	t.Run("keeps a person's windows apart", func(t *testing.T) {
		second := two.watch(t, docs.Editor, a.DocumentID)
		if code := say(second, `,"page":1`); code != 0 {
			t.Fatal(code)
		}
		watcher.Next(topic)
		if got := one.present(t, docs.Reader, a.DocumentID); len(got) != 2 || got[0].Person.ID != got[1].Person.ID {
			t.Errorf("present %+v", got)
		}
		if code := say(second, `,"gone":true`); code != 0 {
			t.Fatal(code)
		}
		if got := watcher.Next(topic); got != fmt.Sprintf(`{"type":"left","socket":%q}`, second.ID) {
			t.Errorf("got %s", got)
		}
	})
	t.Run("is made up for by asking, after a gap", func(t *testing.T) {
		leaving, away := one.watch(t, docs.Owner, a.DocumentID), two.watch(t, docs.Reader, a.DocumentID)
		if code := say(leaving, `,"page":1`); code != 0 {
			t.Fatal(code)
		}
		if here := watcher.Next(topic); !strings.Contains(here, leaving.ID) {
			t.Fatalf("got %s", here)
		}
		away.Close()
		leaving.Close()
		if got := watcher.Next(topic); got != fmt.Sprintf(`{"type":"left","socket":%q}`, leaving.ID) {
			t.Errorf("got %s", got)
		}
		two.watch(t, docs.Reader, a.DocumentID)
		if got := two.present(t, docs.Reader, a.DocumentID); len(got) != 1 || got[0].Socket != editor.ID {
			t.Errorf("present %+v", got)
		}
	})
	t.Run("is for the document's readers", func(t *testing.T) {
		stranger := one.dial(t, docs.Stranger)
		for _, name := range []string{topic, "document:" + uuid.NewString(), "document:x", "document:", topic + "x", "document:" + strings.ToUpper(a.DocumentID.String())} {
			if code := stranger.Subscribe(name); code != 103 {
				t.Errorf("%s: code %d, want 103", name, code)
			}
		}
		if code := say(stranger, `,"page":1`); code != 409 {
			t.Errorf("presence: code %d, want 409", code)
		}
		if got := one.site.Do(docs.Stranger, "GET", "/api/documents/"+a.DocumentID.String()+"/presence", ""); got.Code() != "document_not_found" {
			t.Errorf("listed for a stranger: %d %s", got.Status, got.Body)
		}
	})
	t.Run("and ends for who is removed", func(t *testing.T) {
		docs.Service.OnRemoved = func(_ context.Context, personID, _ uuid.UUID) { two.bus.Recheck(personID.String()) }
		if err := docs.Service.RemoveMember(t.Context(), docs.Owner, docs.LibraryID, docs.Editor.ID); err != nil {
			t.Fatal(err)
		}
		if got := watcher.Next(topic); got != fmt.Sprintf(`{"type":"left","socket":%q}`, editor.ID) {
			t.Errorf("got %s", got)
		}
		editor.WaitUnsubscribed(topic)
		if code := say(editor, `,"page":1`); code != 409 {
			t.Errorf("code %d, want 409", code)
		}
		if got := two.present(t, docs.Reader, a.DocumentID); len(got) != 0 {
			t.Errorf("present %+v", got)
		}
	})
}

func TestPresenceWhileTheDatabaseIsKilled(t *testing.T) {
	server, pool := postgrestest.NewServer(t)
	docs := documenttest.New(t, librarytest.New(t, pool))
	one, two := startNode(t, docs), startNode(t, docs)
	a := docs.Add(t, documenttest.Doc{Pages: []string{"one"}})
	topic := reader.Topic(a.DocumentID)
	editor, watcher := one.watch(t, docs.Editor, a.DocumentID), two.watch(t, docs.Reader, a.DocumentID)
	say := func(page int) {
		t.Helper()
		if code := editor.Call("presence", fmt.Sprintf(`{"document_id":%q,"page":%d}`, a.DocumentID, page)); code != 0 {
			t.Fatal(code)
		}
	}
	wait := func(page int) {
		t.Helper()
		for !strings.Contains(watcher.Next(topic), fmt.Sprintf(`"page":%d,`, page)) { //nolint:revive // Next ends the test when nothing more comes
		}
	}
	say(1)
	wait(1)
	// It is started again by its supervisor. Sockets stay open meanwhile, and take
	// what is said.
	if err := syscall.Kill(server.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	say(2)
	wait(2)
	if got := two.present(t, docs.Reader, a.DocumentID); len(got) != 1 || got[0].Page != 2 {
		t.Errorf("present %+v", got)
	}
}
