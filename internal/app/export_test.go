package app

import (
	"log/slog"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/cite"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/intake"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/notify"
	"scrollkeeper.example/scrollkeeper/internal/organise"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob/disk"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
	"scrollkeeper.example/scrollkeeper/internal/platform/realtime"
	"scrollkeeper.example/scrollkeeper/internal/reader"
	"scrollkeeper.example/scrollkeeper/internal/relocate"
)

// Pool is the database, for tests that put it into a state.
func (a *App) Pool() *pgxpool.Pool { return a.db.Pool }

// LinkPage is what the page of a link has in its head.
func (a *App) LinkPage(r *http.Request) httpapi.Head { return a.sharing.Page(r, a.originOf(r)) }

// Carry builds the carriers of documents that go to another library, on a database
// that a test has filled.
func Carry(pool *pgxpool.Pool, libraries *library.Service, documents *document.Service, marks *annotation.Service, blobs *disk.Store, now clock.Clock) (relocate.Carriers, error) {
	log := slog.New(slog.DiscardHandler)
	a := &App{log: log, bus: realtime.NewBus(pool, log), Libraries: libraries, documents: documents, marks: marks}
	a.notify = notify.New(notify.Parts{Pool: pool, Libraries: libraries, Clock: now, Logger: log}, "http://localhost")
	a.organise = organise.New(pool, libraries, now)
	a.intake = intake.New(intake.Parts{Pool: pool, Libraries: libraries, Documents: documents, Blobs: blobs, Clock: now, Logger: log})
	var err error
	if a.reader, err = reader.New(reader.Parts{Pool: pool, Documents: documents, Blobs: blobs, Clock: now}, reader.Config{}); err != nil {
		return relocate.Carriers{}, err
	}
	a.cite = cite.New(pool, libraries, documents, log)
	return a.carriers(), nil
}
