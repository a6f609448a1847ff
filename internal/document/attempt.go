package document

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document/internal/documentdb"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// The methods in this file are for ingest. None asks for permission: their
// caller is a job, or has asked already.

var (
	// ErrStale is returned to an attempt that is no longer the newest, or whose
	// edition has ended. Whoever gets it has nothing more to do.
	ErrStale = errors.New("document: another attempt took over, or the edition is finished")
	// ErrGone is returned when the document was deleted meanwhile.
	ErrGone = errors.New("document: the edition no longer exists")

	// errMoved: the edition is another document's by now, or gone.
	errMoved = errors.New("document: the edition moved")
)

// DuplicateError says that a file's bytes are in the library already.
type DuplicateError struct {
	// DocumentID is the document that has them.
	DocumentID uuid.UUID
}

func (e *DuplicateError) Error() string {
	return "document: the same file is document " + e.DocumentID.String()
}

// NewUpload is a file that arrived whole.
type NewUpload struct {
	LibraryID uuid.UUID
	PersonID  uuid.UUID
	// DocumentID is the new document's, and made up where it is empty; for
	// AddEdition it is the document that is there.
	DocumentID uuid.UUID
	// EditionID is the upload's id, which becomes the edition's.
	EditionID uuid.UUID
	BlobKey   string
	Filename  string
	Size      int64 // bytes
	// ClaimedSHA256 is what the client said; nil when it said nothing.
	ClaimedSHA256 []byte
}

// AddUploaded makes a queued edition and its document. Until the file itself
// says better, the title is its name.
func (s *Service) AddUploaded(ctx context.Context, tx *postgres.Tx, u NewUpload) (documentID, editionID uuid.UUID, err error) {
	if documentID = u.DocumentID; documentID == uuid.Nil {
		documentID = uuid.Must(uuid.NewV7())
	}
	person := uuid.NullUUID{UUID: u.PersonID, Valid: u.PersonID != uuid.Nil}
	value, err := json.Marshal(titleFromFilename(u.Filename))
	if err != nil {
		return documentID, u.EditionID, fmt.Errorf("title: %w", err)
	}
	d := derive(documentID, []csl.Claim{{Field: "title", Source: csl.SourceFilename, Value: value, Confidence: filenameConfidence}})
	item, err := json.Marshal(d.item)
	if err != nil {
		return documentID, u.EditionID, fmt.Errorf("derive metadata: %w", err)
	}
	if err := s.q.InsertUploaded(ctx, tx, documentdb.InsertUploadedParams{
		DocumentID: documentID, LibraryID: u.LibraryID, Title: d.title, Csl: item, Listing: d.listing, CreatedBy: person,
		At: s.clock.Now(), Claim: value, Confidence: filenameConfidence, EditionID: u.EditionID, BlobKey: u.BlobKey,
		Filename: storable(u.Filename), Size: u.Size, ClaimedSha256: u.ClaimedSHA256,
	}); err != nil {
		return documentID, u.EditionID, fmt.Errorf("insert uploaded document: %w", err)
	}
	s.record(tx, u.LibraryID, documentID, library.OpAdded, person)
	return documentID, u.EditionID, nil
}

// AddEdition makes a queued edition of u.DocumentID, a document of u.LibraryID.
// ErrGone when that was deleted.
func (s *Service) AddEdition(ctx context.Context, tx *postgres.Tx, u NewUpload) error {
	// Locked, so that it is not deleted for being without a file at this moment.
	d, err := s.q.LockDocument(ctx, tx, u.DocumentID)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && d.LibraryID != u.LibraryID {
		return ErrGone
	}
	if err != nil {
		return fmt.Errorf("lock document: %w", err)
	}
	if m, err := s.q.MergeOf(ctx, tx, u.DocumentID); err == nil {
		// It was merged while the file was on its way.
		u.DocumentID = m.KeptID
		return s.AddEdition(ctx, tx, u)
	} else if !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("merge: %w", err)
	}
	person := uuid.NullUUID{UUID: u.PersonID, Valid: u.PersonID != uuid.Nil}
	if err := s.q.InsertEdition(ctx, tx, documentdb.InsertEditionParams{
		ID: u.EditionID, LibraryID: u.LibraryID, DocumentID: u.DocumentID, BlobKey: u.BlobKey, Filename: storable(u.Filename),
		Size: u.Size, ClaimedSha256: u.ClaimedSHA256, CreatedBy: person, CreatedAt: s.clock.Now(),
	}); err != nil {
		return fmt.Errorf("insert edition: %w", err)
	}
	s.record(tx, u.LibraryID, u.DocumentID, library.OpState, person)
	return nil
}

// Attempt is one run of the parse job. Its number is what tells it from a run
// that was thought dead.
type Attempt struct {
	EditionID     uuid.UUID
	DocumentID    uuid.UUID
	LibraryID     uuid.UUID
	Number        int32
	BlobKey       string
	Size          int64
	ClaimedSHA256 []byte // nil when the client said nothing
	Filename      string
	// Reparse is true for a run at an edition that is ready, and stays so until
	// this one ends well.
	Reparse bool
}

// BeginAttempt takes the next attempt at an edition that is not finished, and
// every earlier one becomes stale. ErrStale when it is ready or failed, ErrGone
// when it was deleted.
func (s *Service) BeginAttempt(ctx context.Context, editionID uuid.UUID) (Attempt, error) {
	var a Attempt
	err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		e, err := s.q.BeginAttempt(ctx, tx, editionID)
		if errors.Is(err, pgx.ErrNoRows) {
			return s.staleOrGone(ctx, tx, editionID)
		}
		if err != nil {
			return fmt.Errorf("begin attempt: %w", err)
		}
		a = attemptOf(e, e.Attempt)
		s.record(tx, a.LibraryID, a.DocumentID, library.OpState, uuid.NullUUID{})
		return nil
	})
	return a, err
}

// BeginReparse takes the next attempt at an edition that is ready. People read
// and find what was read before until Finish; when this attempt fails, that
// stays. ErrStale when the edition is not ready, ErrGone when it was deleted.
func (s *Service) BeginReparse(ctx context.Context, editionID uuid.UUID) (Attempt, error) {
	e, err := s.q.BeginReparse(ctx, s.pool, editionID)
	if errors.Is(err, pgx.ErrNoRows) {
		return Attempt{}, s.staleOrGone(ctx, s.pool, editionID)
	}
	if err != nil {
		return Attempt{}, postgres.Fault(fmt.Errorf("begin to parse again: %w", err))
	}
	a := attemptOf(e, *e.ReparseAttempt)
	a.Reparse = true
	return a, nil
}

func attemptOf(e documentdb.Edition, number int32) Attempt {
	return Attempt{
		EditionID: e.ID, DocumentID: e.DocumentID, LibraryID: e.LibraryID, Number: number,
		BlobKey: e.BlobKey, Size: e.Size, ClaimedSHA256: e.ClaimedSha256, Filename: e.Filename,
	}
}

// SetChecked stores the SHA-256 of the file's bytes and goes on to parsing. A
// *DuplicateError when the library has the same bytes already.
func (s *Service) SetChecked(ctx context.Context, a Attempt, sha256 []byte) error {
	for {
		err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
			n, err := s.q.SetChecked(ctx, tx, sha256, a.EditionID, a.Number)
			if err != nil {
				return fmt.Errorf("set checked: %w", err)
			}
			if n == 0 {
				return s.staleOrGone(ctx, tx, a.EditionID)
			}
			s.record(tx, a.LibraryID, a.DocumentID, library.OpState, uuid.NullUUID{})
			return nil
		})
		if pgErr, ok := errors.AsType[*pgconn.PgError](err); !ok || pgErr.ConstraintName != "editions_sha256" {
			return err
		}
		d, err := s.q.DocumentBySHA256(ctx, s.pool, a.LibraryID, sha256)
		if errors.Is(err, pgx.ErrNoRows) {
			continue // the other one was deleted in between
		}
		if err != nil {
			return postgres.Fault(fmt.Errorf("find document by hash: %w", err))
		}
		return &DuplicateError{DocumentID: d.ID}
	}
}

// DropDuplicate deletes the attempt's edition, its document where that has no
// other and was made of it, and after the commit its bytes: the library has them already. ErrStale
// when another attempt took over.
func (s *Service) DropDuplicate(ctx context.Context, tx *postgres.Tx, a Attempt) error {
	e, err := s.q.LockEdition(ctx, tx, a.EditionID)
	if err := current(e, err, a, Checking); err != nil {
		return err
	}
	a.DocumentID = e.DocumentID // it may have been merged meanwhile
	if _, err := s.q.LockDocument(ctx, tx, a.DocumentID); err != nil {
		return fmt.Errorf("lock document: %w", err)
	}
	if err := s.q.DeleteEdition(ctx, tx, a.EditionID); err != nil {
		return fmt.Errorf("delete duplicate: %w", err)
	}
	stays, err := s.q.StandsByItself(ctx, tx, a.DocumentID)
	if err != nil {
		return fmt.Errorf("look for other editions: %w", err)
	}
	op := library.OpState
	if !stays {
		op = library.OpRemoved
		if err := s.q.DeleteDocument(ctx, tx, a.DocumentID); err != nil {
			return fmt.Errorf("delete duplicate: %w", err)
		}
	}
	s.record(tx, a.LibraryID, a.DocumentID, op, uuid.NullUUID{})
	s.deleteBlobs(tx, blobKeys(e)...)
	return nil
}

// Result is what a parse gave.
type Result struct {
	PageCount   int
	TextVersion string
	Outline     []OutlineItem
	Claims      []csl.Claim
	// References are the works that the file's list names, in its order.
	References []Reference
	// Citations point into References; those that do not are dropped.
	Citations []Citation
	// Thumbnail is a JPEG or PNG of page 1; nil when there is none.
	Thumbnail []byte
	// FailedPages are those that could not be read, in order. Pages has them
	// too, without text.
	FailedPages []FailedPage
	// Pages has every page; Finish leaves closing it to its maker.
	Pages *PageWriter
	// OnReady is called last in the transaction in which the edition becomes
	// ready. It may insert jobs and nothing else. Nil for nothing.
	OnReady func(ctx context.Context, tx *postgres.Tx) error
}

// pageBatch is how many pages one statement inserts.
const pageBatch = 100

// Finish makes the edition ready: pages, references, claims, what is derived from them, and
// the news of it, in one transaction. ErrStale or ErrGone when the attempt no
// longer counts; nothing of it is kept then.
func (s *Service) Finish(ctx context.Context, a Attempt, r Result) error {
	// Asked before anything is stored: an attempt that finished, and does not
	// know because the connection broke, must not touch its own blobs again.
	e, err := s.q.Edition(ctx, s.pool, a.EditionID)
	if err := current(e, err, a, a.finishing()); err != nil {
		return postgres.Fault(err)
	}
	words, thumbnail, err := s.storeDerived(ctx, a, r)
	if err != nil {
		return err
	}
	outline, err := json.Marshal(storableOutline(r.Outline))
	if err != nil {
		return fmt.Errorf("outline: %w", err)
	}
	failedPages, failedKinds := make([]int32, len(r.FailedPages)), make([]string, len(r.FailedPages))
	for i, f := range r.FailedPages {
		failedPages[i], failedKinds[i] = int32(f.Page), f.Kind
	}
	finish := func(ctx context.Context, tx *postgres.Tx) error {
		// All editions, as Purge does, since the others may be superseded by this one.
		editions, err := s.q.LockDocumentEditions(ctx, tx, a.DocumentID)
		if err != nil {
			return fmt.Errorf("lock editions: %w", err)
		}
		i := slices.IndexFunc(editions, func(e documentdb.Edition) bool { return e.ID == a.EditionID })
		if i < 0 {
			return errMoved
		}
		e := editions[i]
		if err := current(e, nil, a, a.finishing()); err != nil {
			return err
		}
		if err := s.insertReferences(ctx, tx, a.EditionID, r); err != nil {
			return err
		}
		if err := s.q.SetReady(ctx, tx, documentdb.SetReadyParams{
			ID: a.EditionID, Attempt: a.Number, TextVersion: r.TextVersion, PageCount: int32(r.PageCount), Outline: outline,
			WordsKey: words, ThumbnailKey: thumbnail, ParsedAt: s.clock.Now(),
			FailedPages: failedPages, FailedPageKinds: failedKinds,
		}); err != nil {
			return fmt.Errorf("set ready: %w", err)
		}
		newest, err := s.supersede(ctx, tx, a.DocumentID)
		if err != nil {
			return err
		}
		// An older file is not heard once a newer one was read, and one from an
		// archive only when it is read again: what it said came with it.
		if newest == a.EditionID && (!e.Described || e.ParsedAttempt != nil) {
			if err := s.replaceFileClaims(ctx, tx, a.DocumentID, r.Claims); err != nil {
				return err
			}
		}
		// After the claims, which may say the language.
		if err := s.insertPages(ctx, tx, a, r.Pages); err != nil {
			return err
		}
		s.record(tx, a.LibraryID, a.DocumentID, library.OpState, uuid.NullUUID{})
		s.deleteBlobs(tx, derivedKeys(e)...)
		if r.OnReady == nil {
			return nil
		}
		return r.OnReady(ctx, tx)
	}
	for {
		a.DocumentID = e.DocumentID
		if err = postgres.InTx(ctx, s.pool, finish); !errors.Is(err, errMoved) {
			break
		}
		e, err = s.q.Edition(ctx, s.pool, a.EditionID)
		if err = current(e, err, a, a.finishing()); err != nil {
			break
		}
	}
	if errors.Is(err, ErrStale) || errors.Is(err, ErrGone) {
		// Another attempt came in between, so nothing points at them. After any
		// other error that is not sure: the commit may have happened.
		s.removeBlobs(context.WithoutCancel(ctx), words, deref(thumbnail))
	}
	return err
}

// storeDerived puts the words and the thumbnail under keys that no other
// attempt uses.
func (s *Service) storeDerived(ctx context.Context, a Attempt, r Result) (words string, thumbnail *string, err error) {
	prefix := DerivedPrefix + a.EditionID.String() + "/" + strconv.Itoa(int(a.Number)) + "/"
	if err := r.Pages.rewind(); err != nil {
		return "", nil, err
	}
	words = prefix + "words"
	if err := s.blobs.Put(ctx, words, r.Pages.words); err != nil {
		return "", nil, fmt.Errorf("store words: %w", err)
	}
	if len(r.Thumbnail) == 0 {
		return words, nil, nil
	}
	key := prefix + "thumbnail"
	if err := s.blobs.Put(ctx, key, bytes.NewReader(r.Thumbnail)); err != nil {
		return "", nil, fmt.Errorf("store thumbnail: %w", err)
	}
	return words, &key, nil
}

func (s *Service) insertPages(ctx context.Context, tx *postgres.Tx, a Attempt, pages *PageWriter) error {
	if err := s.q.DeletePages(ctx, tx, a.EditionID); err != nil {
		return fmt.Errorf("delete old pages: %w", err)
	}
	said, err := s.q.DocumentLanguage(ctx, tx, a.DocumentID)
	if err != nil {
		return fmt.Errorf("document's language: %w", err)
	}
	err = pages.each(pageBatch, func(batch []storedPage) error {
		p := documentdb.InsertPagesParams{LibraryID: a.LibraryID, EditionID: a.EditionID}
		texts := make([]string, len(batch))
		for i, page := range batch {
			texts[i] = textOfWork(page.Text, page.Blocks)
			p.Numbers = append(p.Numbers, int32(page.Number))
			p.Labels = append(p.Labels, page.Label)
			p.Boxes = append(p.Boxes, page.Box[:]...)
			p.Rotations = append(p.Rotations, int32(page.Rotation))
			p.Texts = append(p.Texts, page.Text)
			blocks, err := encodeBlocks(page.Blocks)
			if err != nil {
				return err
			}
			p.Blocks = append(p.Blocks, blocks)
			p.Offsets = append(p.Offsets, page.WordsOffset)
			p.Lengths = append(p.Lengths, page.WordsLength)
		}
		list, err := Index(ctx, tx, said, texts)
		if err != nil {
			return err
		}
		for _, one := range list {
			p.Terms, p.Stems = append(p.Terms, one.Words), append(p.Stems, one.Stems)
			p.Weights, p.Languages = append(p.Weights, one.Weight), append(p.Languages, one.Language)
		}
		if err := s.q.InsertPages(ctx, tx, p); err != nil {
			return fmt.Errorf("insert pages: %w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.q.SetIndexed(ctx, tx, a.EditionID); err != nil {
		return fmt.Errorf("set indexed: %w", err)
	}
	return nil
}

// supersede leaves the newest of a document's files that were read as the one that
// is searched, and says which that is; none where none was read. It locks the
// document.
func (s *Service) supersede(ctx context.Context, tx *postgres.Tx, documentID uuid.UUID) (uuid.UUID, error) {
	// Locked before anything is read: a person who changes the title at this
	// moment waits, and then derives from both.
	if _, err := s.q.LockDocument(ctx, tx, documentID); err != nil {
		return uuid.Nil, fmt.Errorf("lock document: %w", err)
	}
	newest, err := s.q.NewestReady(ctx, tx, []uuid.UUID{documentID})
	if err != nil {
		return uuid.Nil, fmt.Errorf("newest edition: %w", err)
	}
	if len(newest) == 0 {
		return uuid.Nil, nil
	}
	if err := s.q.SetSuperseded(ctx, tx, newest[0].ID, documentID); err != nil {
		return uuid.Nil, fmt.Errorf("supersede editions: %w", err)
	}
	return newest[0].ID, nil
}

// replaceFileClaims stores what a file says of its document, in place of what was
// said before. The document is locked.
func (s *Service) replaceFileClaims(ctx context.Context, tx *postgres.Tx, documentID uuid.UUID, claims []csl.Claim) error {
	if err := s.q.DeleteFileClaims(ctx, tx, documentID); err != nil {
		return fmt.Errorf("delete old claims: %w", err)
	}
	now := s.clock.Now()
	for _, c := range strongest(claims) {
		if err := s.q.PutClaim(ctx, tx, documentdb.PutClaimParams{
			DocumentID: documentID, Field: c.Field, Source: string(c.Source), Value: c.Value, Confidence: float32(c.Confidence), At: now,
		}); err != nil {
			return fmt.Errorf("insert claim %s: %w", c.Field, err)
		}
	}
	return s.derive(ctx, tx, documentID)
}

// Fail ends the attempt: kind is stable and in snake_case, message is for
// people. ErrStale when another attempt took over.
func (s *Service) Fail(ctx context.Context, a Attempt, kind, message string) error {
	return postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		n, err := s.q.SetFailed(ctx, tx, documentdb.SetFailedParams{
			ID: a.EditionID, Attempt: a.Number, FailureKind: kind, FailureMessage: cutRunes(storable(message), maxFailure),
		})
		if err != nil {
			return fmt.Errorf("set failed: %w", err)
		}
		if n == 0 {
			return s.staleOrGone(ctx, tx, a.EditionID)
		}
		s.record(tx, a.LibraryID, a.DocumentID, library.OpState, uuid.NullUUID{})
		return nil
	})
}

// SetAside fails an edition whose job was given up, whichever attempt it was
// at, and refuses that attempt if it still lives. ErrStale when the edition is
// finished, ErrGone when it was deleted.
func (s *Service) SetAside(ctx context.Context, tx *postgres.Tx, editionID uuid.UUID, kind, message string) error {
	e, err := s.q.SetAside(ctx, tx, kind, cutRunes(storable(message), maxFailure), editionID)
	if errors.Is(err, pgx.ErrNoRows) {
		return s.staleOrGone(ctx, tx, editionID)
	}
	if err != nil {
		return fmt.Errorf("set aside: %w", err)
	}
	s.record(tx, e.LibraryID, e.DocumentID, library.OpState, uuid.NullUUID{})
	return nil
}

// Requeue makes a failed edition queued again for a retry by actor. The caller
// inserts the job in the same transaction. A fault "not_failed" for any other
// state.
func (s *Service) Requeue(ctx context.Context, tx *postgres.Tx, editionID uuid.UUID, actor uuid.NullUUID) (Edition, error) {
	e, err := s.q.Requeue(ctx, tx, editionID)
	if errors.Is(err, pgx.ErrNoRows) {
		if err := s.staleOrGone(ctx, tx, editionID); !errors.Is(err, ErrStale) {
			return Edition{}, err
		}
		return Edition{}, errNotFailed
	}
	if err != nil {
		return Edition{}, fmt.Errorf("requeue: %w", err)
	}
	s.record(tx, e.LibraryID, e.DocumentID, library.OpState, actor)
	return editionOf(e), nil
}

// ReferencedBlobs says which of these blobs belong to an edition; the others
// may be collected.
func (s *Service) ReferencedBlobs(ctx context.Context, keys []string) ([]string, error) {
	referenced, err := s.q.ReferencedBlobs(ctx, s.pool, keys)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("referenced blobs: %w", err))
	}
	return referenced, nil
}

// finishing is the state in which an attempt finds its edition at its end.
func (a Attempt) finishing() State {
	if a.Reparse {
		return Ready
	}
	return Parsing
}

// current checks an edition that was read against the attempt that wants to change it.
func current(e documentdb.Edition, err error, a Attempt, want State) error {
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return ErrGone
	case err != nil:
		return fmt.Errorf("edition: %w", err)
	case State(e.State) != want,
		!a.Reparse && e.Attempt != a.Number,
		a.Reparse && (e.ReparseAttempt == nil || *e.ReparseAttempt != a.Number):
		return ErrStale
	}
	return nil
}

func (s *Service) staleOrGone(ctx context.Context, db postgres.DBTX, editionID uuid.UUID) error {
	_, err := s.q.Edition(ctx, db, editionID)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return ErrGone
	case err != nil:
		return postgres.Fault(fmt.Errorf("find edition: %w", err))
	}
	return ErrStale
}

const (
	maxOutline      = 10_000
	maxOutlineTitle = 500 // code points
)

// storableOutline bounds what a hostile file may call its table of contents.
func storableOutline(items []OutlineItem) []OutlineItem {
	kept := make([]OutlineItem, 0, min(len(items), maxOutline))
	for _, item := range items[:min(len(items), maxOutline)] {
		item.Title = cutRunes(cleanTitle(item.Title), maxOutlineTitle)
		kept = append(kept, item)
	}
	return kept
}

// DerivedPrefix begins the keys of all blobs made from an edition's file:
// derived/<edition>/<attempt>/words and …/thumbnail.
const DerivedPrefix = "derived/"

func derivedKeys(e documentdb.Edition) []string {
	var keys []string
	for _, key := range []*string{e.WordsKey, e.ThumbnailKey} {
		if key != nil {
			keys = append(keys, *key)
		}
	}
	return keys
}

func blobKeys(e documentdb.Edition) []string { return append(derivedKeys(e), e.BlobKey) }
