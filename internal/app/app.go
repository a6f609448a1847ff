// Package app is the parts list: the only package that knows every feature. It
// builds them, hands each what it needs of the others, mounts their routes and
// registers their jobs and topics.
package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/archive"
	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/cite"
	"scrollkeeper.example/scrollkeeper/internal/config"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/guard"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/ingest"
	"scrollkeeper.example/scrollkeeper/internal/intake"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/notify"
	"scrollkeeper.example/scrollkeeper/internal/operate"
	"scrollkeeper.example/scrollkeeper/internal/organise"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob/disk"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/mail"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/realtime"
	"scrollkeeper.example/scrollkeeper/internal/reader"
	"scrollkeeper.example/scrollkeeper/internal/relocate"
	"scrollkeeper.example/scrollkeeper/internal/savedsearch"
	"scrollkeeper.example/scrollkeeper/internal/search"
	"scrollkeeper.example/scrollkeeper/internal/sharing"
	"scrollkeeper.example/scrollkeeper/internal/transfer"
	"scrollkeeper.example/scrollkeeper/web"
)

// App is one process of Scrollkeeper with its parts.
type App struct {
	cfg     config.Config
	version string
	log     *slog.Logger

	db        *postgres.Database
	bus       *realtime.Bus
	presences *realtime.Presences
	node      *realtime.Node // nil without the web role
	jobs      *jobs.Client
	registry  *jobs.Registry
	blobs     *disk.Store
	extractor *extract.Pool // nil without the worker role
	writers   *extract.Pool // nil without the web role

	People    *identity.Service
	Libraries *library.Service
	documents *document.Service
	marks     *annotation.Service
	notify    *notify.Service
	organise  *organise.Service
	transfer  *transfer.Service // nil without the web role
	ingest    *ingest.Service
	intake    *intake.Service
	reader    *reader.Service
	search    *search.Service
	saved     *savedsearch.Service
	cite      *cite.Service
	archive   *archive.Service
	sharing   *sharing.Service
	relocate  *relocate.Service

	api   *httpapi.API
	ready *operate.Readiness
	site  http.Handler
}

// New opens the database, brings its schema up to date and builds the parts.
// Nothing is served and no job runs before Run. Close it in any case.
func New(ctx context.Context, cfg config.Config, version string, log *slog.Logger) (*App, error) {
	a := &App{cfg: cfg, version: version, log: log}
	if err := a.open(ctx); err != nil {
		a.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	return a, nil
}

func (a *App) open(ctx context.Context) (err error) {
	a.db, err = postgres.Open(ctx, postgres.Config{
		URL: a.cfg.DatabaseURL, DataDir: a.cfg.Data, BinDir: a.cfg.PostgresBin, Logger: a.log,
		// A worker may join the server of the web process beside it.
		Join: !a.cfg.Has(config.RoleWeb),
	})
	if err != nil {
		return err
	}
	if err := postgres.Migrate(ctx, a.db.Pool); err != nil {
		return err
	}
	return a.build()
}

// build makes the parts in the order of who needs whom.
func (a *App) build() error {
	pool, now := a.db.Pool, clock.System{}
	blobs, err := disk.Open(filepath.Join(a.cfg.Data, "blobs"))
	if err != nil {
		return err
	}
	uploads, err := blobs.Path("uploads")
	if err != nil {
		return err
	}
	a.blobs = blobs
	a.bus = realtime.NewBus(pool, a.log)
	a.presences = realtime.NewPresences(pool, a.bus, a.log, realtime.PresenceTimes{})
	a.jobs, err = jobs.New(pool, jobs.Config{
		Logger: a.log, Work: a.cfg.Has(config.RoleWorker),
		Queues: map[string]int{jobs.QueueDefault: 4, jobs.QueueParse: a.cfg.ParseJobs, jobs.QueueMail: 2},
	})
	if err != nil {
		return err
	}
	if a.cfg.Has(config.RoleWorker) {
		a.extractor = extract.NewPool(extract.Config{
			Jobs: a.cfg.ParseJobs, MemoryLimit: int64(a.cfg.ParseMemory), TimeLimit: a.cfg.ParseTimeout, MaxPages: a.cfg.MaxPages,
			CacheDir: cmp.Or(extract.UserCacheDir(), filepath.Join(a.cfg.Data, "cache")), Logger: a.log,
		})
	}

	throttle := guard.New(pool, now)
	a.People = identity.New(pool, throttle, now, identity.Config{
		SessionLifetime: a.cfg.SessionLifetime, SecureCookies: a.cfg.OverHTTPS(),
		OnCreated: func(ctx context.Context, tx *postgres.Tx, p identity.Person) error {
			return a.Libraries.CreatePersonal(ctx, tx, p)
		},
	})
	a.Libraries = library.New(pool, a.People, throttle, a.bus, now)
	// The data folder's disk has the room; /tmp is often memory.
	temp := filepath.Join(a.cfg.Data, "tmp")
	if err := os.MkdirAll(temp, 0o700); err != nil {
		return fmt.Errorf("make the folder for temporary files: %w", err)
	}
	a.documents = document.New(pool, a.Libraries, blobs, now, document.Config{TempDir: temp, Logger: a.log})
	a.marks = annotation.NewService(annotation.Parts{
		Pool: pool, Libraries: a.Libraries, Documents: a.documents, Jobs: a.jobs, Clock: now, News: a.bus, Logger: a.log,
	})
	sender, err := mailSender(&a.cfg)
	if err != nil {
		return err
	}
	a.notify = notify.New(notify.Parts{
		Pool: pool, Libraries: a.Libraries, Jobs: a.jobs, News: a.bus, Clock: now, Sender: sender, Delay: a.cfg.MailDelay, Logger: a.log,
	}, cmp.Or(a.cfg.PublicURL, "http://"+a.cfg.Listen))
	a.organise = organise.New(pool, a.Libraries, now)
	a.marks.OnEvent = a.notify.OnEvent
	a.documents.OnMoved = func(ctx context.Context, tx *postgres.Tx, m document.Moved) error {
		if err := a.marks.OnMoved(ctx, tx, m); err != nil {
			return err
		}
		if err := a.notify.OnMoved(ctx, tx, m); err != nil {
			return err
		}
		if m.Back {
			return a.organise.OnUnmerged(ctx, tx, m.To, m.From)
		}
		return a.organise.OnMerged(ctx, tx, m.From, m.To)
	}
	a.reader, err = reader.New(reader.Parts{
		Pool: pool, Documents: a.documents, Blobs: blobs, Clock: now, Presences: a.presences,
	}, reader.Config{CacheBytes: int64(a.cfg.CacheBytes)})
	if err != nil {
		return err
	}
	a.search = search.New(pool, a.Libraries)
	a.cite = cite.New(pool, a.Libraries, a.documents, a.log)
	a.saved = savedsearch.New(savedsearch.Parts{
		Pool: pool, Libraries: a.Libraries, Search: a.search, Notify: a.notify, Jobs: a.jobs, Clock: now, Logger: a.log,
	})
	a.ingest, err = ingest.New(ingest.Parts{
		Pool: pool, Libraries: a.Libraries, Documents: a.documents, Jobs: a.jobs, News: a.bus, Clock: now,
		Blobs: blobs, Extractor: ingest.FromPool(a.extractor),
	}, ingest.Config{Dir: uploads, MaxBytes: int64(a.cfg.MaxUploadBytes), Logger: a.log})
	if err != nil {
		return err
	}
	a.ingest.OnReady = a.marks.OnReady
	a.intake = intake.New(intake.Parts{
		Pool: pool, Libraries: a.Libraries, Documents: a.documents, Blobs: blobs, Jobs: a.jobs, Clock: now, Logger: a.log,
		Files: intake.Files{IsPDF: sniffPDF, BlobKey: ingest.BlobKey, Queue: a.ingest.Queue, MaxBytes: a.ingest.MaxBytes()},
	})
	a.intake.OnAdded = func(ctx context.Context, tx *postgres.Tx, b intake.Batch) error {
		keys, gathered := make([]cite.Key, len(b.Works)), make([]organise.Gathered, len(b.Works))
		for i, w := range b.Works {
			keys[i] = cite.Key{DocumentID: w.DocumentID, Key: w.Key}
			gathered[i] = organise.Gathered{DocumentID: w.DocumentID, Tags: w.Tags, Collections: w.Collections}
		}
		// Locks are taken in this order alone.
		if err := a.organise.Gather(ctx, tx, b.PersonID, b.LibraryID, gathered); err != nil {
			return err
		}
		return a.cite.Keep(ctx, tx, b.LibraryID, keys)
	}
	a.archive = archive.New(archive.Parts{
		Pool: pool, Libraries: a.Libraries, Documents: a.documents, Organise: a.organise, Marks: a.marks, Cite: a.cite, Ingest: a.ingest,
		Blobs: blobs, Jobs: a.jobs, Clock: now, TempDir: temp, Version: a.version, Logger: a.log,
	})
	a.intake.Kinds = map[biblio.Format]intake.Kind{archive.Format: a.archive.Importer()}
	a.marks.OnSettle = a.archive.OnSettle
	a.sharing = sharing.NewService(sharing.Parts{
		Pool: pool, People: a.People, Libraries: a.Libraries, Documents: a.documents, Guard: throttle, Clock: now, Logger: a.log,
		SecureCookies: a.cfg.OverHTTPS(), Recheck: a.bus.Recheck,
	})
	a.Libraries.OnChanges = a.sharing.OnChanges
	a.relocate = relocate.NewService(relocate.Parts{
		Pool: pool, Libraries: a.Libraries, Documents: a.documents, Jobs: a.jobs, Clock: now, Carriers: a.carriers(),
	})
	a.ready = operate.NewReadiness(pool, a.cfg.Data)

	a.registry = jobs.NewRegistry()
	a.documents.RegisterJobs(a.registry)
	a.ingest.RegisterJobs(a.registry)
	a.marks.RegisterJobs(a.registry)
	a.notify.RegisterJobs(a.registry)
	a.intake.RegisterJobs(a.registry)
	a.saved.RegisterJobs(a.registry)
	a.archive.RegisterJobs(a.registry)
	a.relocate.RegisterJobs(a.registry)
	jobs.Add(a.registry, &sweeper{people: a.People, guard: throttle, notify: a.notify, sharing: a.sharing})
	a.registry.Every(time.Hour, sweepArgs{})

	if a.cfg.Has(config.RoleWeb) {
		return a.buildWeb()
	}
	return nil
}

// sniffPDF looks for a PDF's beginning in the first bytes of a file.
func sniffPDF(head []byte) bool { return extract.SniffPDF(head[:min(len(head), extract.SniffLength)]) }

// mailSender is the way to the mail server; nil where there is none.
func mailSender(cfg *config.Config) (mail.Sender, error) {
	if !cfg.Sends() {
		return nil, nil //nolint:nilnil // nothing is configured, and nothing is wrong
	}
	server, err := cfg.Server(cfg.Links)
	if err != nil {
		return nil, err
	}
	from, err := mail.ParseAddress(server.From)
	if err != nil {
		return nil, fmt.Errorf("sender of mail: %w", err)
	}
	security := mail.Security(server.StartTLS)
	if server.Implicit {
		security = mail.ImplicitTLS
	}
	return mail.NewSMTP(mail.Config{
		Host: server.Host, Port: server.Port, Security: security, User: server.User, Password: server.Password, From: from,
	})
}

func (a *App) buildWeb() error {
	// Who waits for a file to come out does not wait for others to go in. One at
	// a time bounds what exports can cost.
	a.writers = extract.NewPool(extract.Config{
		Jobs: 1, MemoryLimit: int64(a.cfg.ParseMemory), TimeLimit: a.cfg.ParseTimeout, MaxPages: a.cfg.MaxPages, WritesOnly: true, Logger: a.log,
	})
	a.transfer = transfer.NewService(transfer.Parts{
		Documents: a.documents, Marks: a.marks, Blobs: a.blobs, Writers: a.writers, Clock: clock.System{}, Origin: a.cfg.PublicURL,
	})
	var origins []string
	if a.cfg.PublicURL != "" {
		// A proxy may rewrite Host, by which the server knows its own pages.
		origins = append(origins, a.cfg.PublicURL)
	}
	watch := topics{
		library.TopicKind:       a.Libraries.AuthorizeTopic,
		library.PersonTopicKind: a.Libraries.AuthorizeTopic,
		reader.TopicKind:        a.reader.AuthorizeTopic,
		annotation.TopicKind:    a.marks.AuthorizeTopic,
	}
	node, err := realtime.NewNode(a.db.Pool, realtime.Config{
		Logger: a.log, Origins: origins, Presences: a.presences, Methods: a.reader.Methods(),
		User: func(ctx context.Context) (string, error) {
			if guest := sharing.SocketUserFromContext(ctx); guest != "" {
				return guest, nil
			}
			p, err := identity.FromContext(ctx)
			return p.ID.String(), err
		},
		Authorize: func(ctx context.Context, _, topic string) error {
			p, err := identity.CallerFromContext(ctx)
			if err != nil {
				return err
			}
			return watch.authorize(ctx, p, topic)
		},
	})
	if err != nil {
		return err
	}
	a.node = node
	a.Libraries.OnRemoved = func(_ context.Context, personID, _ uuid.UUID) { a.bus.Recheck(personID.String()) }
	a.People.OnSignedOut = func(_ context.Context, personID uuid.UUID) { a.bus.Disconnect(personID.String()) }

	a.api = httpapi.New(httpapi.Config{
		Version: a.version, Logger: a.log, Authenticate: a.People.Authenticate,
		RequirePerson: func(ctx context.Context) error {
			_, err := identity.FromContext(ctx)
			return err
		},
		RequireCaller: func(ctx context.Context) error {
			_, err := identity.CallerFromContext(ctx)
			return err
		},
		AuthenticateGuest: a.sharing.Authenticate,
		TrustedProxies:    a.cfg.Proxies(),
		Beside:            []string{cite.AddressPrefix},
		SecretPaths:       []string{sharing.PagePrefix, cite.AddressPrefix, "/api/unsubscribe/"},
	})
	mountMeta(a.api, a.cfg, a.version, a.People)
	identity.Mount(a.api, a.People)
	library.Mount(a.api, a.Libraries)
	document.Mount(a.api, a.documents)
	organise.Mount(a.api, a.organise)
	annotation.Mount(a.api, a.marks)
	notify.Mount(a.api, a.notify)
	transfer.Mount(a.api, a.transfer)
	ingest.Mount(a.api, a.ingest)
	intake.Mount(a.api, a.intake)
	reader.Mount(a.api, a.reader)
	search.Mount(a.api, a.search)
	savedsearch.Mount(a.api, a.saved)
	cite.Mount(a.api, a.cite)
	archive.Mount(a.api, a.archive)
	relocate.Mount(a.api, a.relocate)
	sharing.Mount(a.api, a.sharing)
	a.api.Handle(http.MethodGet, "/api/live", httpapi.Guests, a.node)

	app, err := a.webApp()
	if err != nil {
		return err
	}
	a.site = a.api.Handler(app, map[string]http.Handler{
		"/livez":  http.HandlerFunc(operate.Live),
		"/readyz": a.ready,
	})
	return nil
}

// webApp is the browser's half. Without it, as in tests and under `go run`,
// the API still works, and who comes with a browser learns what to do.
func (a *App) webApp() (http.Handler, error) {
	files, err := web.Files()
	if errors.Is(err, web.ErrNotBuilt) {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}), nil
	}
	if err != nil {
		return nil, err
	}
	return httpapi.WebApp(files, web.Nonce, httpapi.Page{Prefix: "d/", File: web.ReaderPage},
		httpapi.Page{Prefix: strings.TrimPrefix(sharing.PagePrefix, "/"), File: web.ReaderPage, Head: func(r *http.Request) httpapi.Head {
			return a.sharing.Page(r, a.originOf(r))
		}})
}

// originOf is how whoever sent a request reaches the site, without a slash at the end.
func (a *App) originOf(r *http.Request) string {
	if a.cfg.PublicURL != "" {
		return strings.TrimSuffix(a.cfg.PublicURL, "/")
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// Reparse queues papers to be read once more, see [ingest.Service.Reparse].
func (a *App) Reparse(ctx context.Context, q ingest.ReparseQuery) (int, error) {
	return a.ingest.Reparse(ctx, q)
}

// Handler is the whole site, for tests that need no socket.
func (a *App) Handler() http.Handler { return a.site }

// Routes lists every API route.
func (a *App) Routes() []httpapi.Route { return a.api.Routes() }

// OpenAPI is the API's description as YAML, as api/openapi.yaml holds it.
func (a *App) OpenAPI() ([]byte, error) { return a.api.Huma.OpenAPI().YAML() }
