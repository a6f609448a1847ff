package ingest

import (
	"context"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/library"
)

// ProgressNews tells those who watch a library how far the parsing of a file
// has come. It is passing news: the states are in the change log.
type ProgressNews struct {
	Type       string    `json:"type"` // "progress"
	DocumentID uuid.UUID `json:"document_id"`
	EditionID  uuid.UUID `json:"edition_id"`
	State      string    `json:"state"`
	PagesDone  int       `json:"pages_done"`
	PageCount  int       `json:"page_count"`

	attempt int32
}

// progressEvery is how often one file's progress goes out at most.
const progressEvery = 200 * time.Millisecond

// Pace implements realtime.Paced: only the newest attempt's newest page matters.
func (n ProgressNews) Pace() (key string, every time.Duration, order int64) {
	return n.EditionID.String(), progressEvery, int64(n.attempt)<<32 | int64(n.PagesDone)
}

// progress publishes one attempt's progress.
type progress struct {
	s       *Service
	attempt document.Attempt
	count   int
}

// publish tells of pages done. A count of 0 means the one already known.
func (p *progress) publish(ctx context.Context, done, count int) {
	if count > 0 {
		p.count = count
	}
	if p.attempt.Reparse { // for everybody the file is ready all the while
		return
	}
	p.s.News.Publish(ctx, library.Topic(p.attempt.LibraryID), ProgressNews{
		Type: "progress", DocumentID: p.attempt.DocumentID, EditionID: p.attempt.EditionID,
		State: string(document.Parsing), PagesDone: done, PageCount: p.count, attempt: p.attempt.Number,
	})
}
