package annotation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/anchoring"
	"scrollkeeper.example/scrollkeeper/internal/annotation/internal/annotationdb"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Imported is a mark that comes from a file. What it says is taken as it is, as
// far as it can be stored.
type Imported struct {
	// OriginKey is what the mark is called where it comes from. It must not be
	// empty: by it a mark comes in once, however often it is imported.
	OriginKey string
	Origin    Origin // FromFile or FromImport
	Kind      Kind
	Meaning   Meaning
	// Private marks become those of the person who imports.
	Private bool
	// Mine says that the person who imports wrote it; else it has only a name.
	Mine    bool
	Author  string
	Body    string
	Created time.Time // zero: now
	Updated time.Time // zero: as Created
	// Edited is when its author last changed what it says; zero: never.
	Edited   time.Time
	Resolved bool
	// ResolvedAt and ResolvedBy say more of that, where it is known.
	ResolvedAt time.Time
	ResolvedBy string
	// Parts are where it stands. A mark on text needs start and end, or quads,
	// or a Quote; another one a rect, or paths for ink; a note on the document
	// nothing.
	Parts []Part
	// Quote finds a mark on text that comes without a place, or whose place is of
	// another text.
	Quote   *anchoring.Quote
	Replies []ImportedReply // oldest first
}

// ImportedReply is an answer that comes with a mark.
type ImportedReply struct {
	Mine    bool
	Author  string
	Body    string
	Created time.Time // zero: as the mark
	Edited  time.Time // zero: never
}

// ImportReport says what became of marks.
type ImportReport struct {
	Imported int // of these, Orphans have no place
	Orphans  int
	// Skipped were there already, or have nothing that could be stored.
	Skipped int
}

// importBatch is how many marks one transaction brings in.
const importBatch = 500

// errNoPlace is what an imported mark without a place on this file gets.
var errNoPlace = errors.New("annotation: nowhere on this file")

// Import makes marks that come from a file: the document's own (by is nil), or
// one that a person brings. What was imported before is skipped.
func (s *Service) Import(ctx context.Context, editionID uuid.UUID, by *identity.Person, marks []Imported) (ImportReport, error) {
	return s.importMarks(ctx, editionID, 0, by, marks)
}

// Archived are marks that come back with their file from an archive.
type Archived struct {
	Marks []Imported
	// Removed are the file's own marks that were deleted, by their names in it:
	// they shall not come back with it.
	Removed []string
}

// BringBack makes the marks of an archive on a file that was just read, before the
// file's own come in: those among them that were changed come back as they were. by is who brings them; nil
// when that account is gone. The caller has asked for permission. What is there
// is skipped, so that it can be repeated.
func (s *Service) BringBack(ctx context.Context, editionID uuid.UUID, by *identity.Person, r Archived) (ImportReport, error) {
	src, err := s.Documents.Source(ctx, s.Pool, editionID)
	if err != nil {
		return ImportReport{}, err
	}
	if len(r.Removed) > 0 {
		if err := s.q.InsertRemoved(ctx, s.Pool, annotationdb.InsertRemovedParams{
			LibraryID: src.LibraryID, DocumentID: src.DocumentID, EditionID: nullable(editionID), OriginKeys: r.Removed, At: s.Clock.Now(),
		}); err != nil {
			return ImportReport{}, postgres.Fault(fmt.Errorf("insert removed marks: %w", err))
		}
	}
	return s.bring(ctx, editionID, src, by, r.Marks)
}

func (s *Service) importMarks(ctx context.Context, editionID uuid.UUID, attempt int32, by *identity.Person, marks []Imported) (ImportReport, error) {
	var report ImportReport
	src, err := s.Documents.Source(ctx, s.Pool, editionID)
	if errors.Is(err, document.ErrGone) && by != nil {
		return report, errNoEdition
	}
	if by != nil && (err == nil || fault.Is(err, "not_ready")) {
		if err := s.mayImport(ctx, editionID, *by, marks); err != nil {
			return report, err
		}
	}
	if fault.Is(err, "not_ready") {
		return report, errNotReady
	}
	if err != nil {
		return report, err
	}
	if attempt != 0 && src.Attempt != attempt {
		return report, document.ErrStale
	}
	return s.bring(ctx, editionID, src, by, marks)
}

// bring makes the marks that are not there yet.
func (s *Service) bring(ctx context.Context, editionID uuid.UUID, src document.Source, by *identity.Person, marks []Imported) (report ImportReport, err error) {
	fresh, skipped, err := s.notYetThere(ctx, editionID, by, marks)
	if report.Skipped = skipped; err != nil || len(fresh) == 0 {
		return report, err
	}
	t := newTarget(s.Documents, s.Pool, src)
	if src.PageCount == nil || *src.PageCount == 0 {
		report.Skipped += len(fresh)
		return report, nil
	}
	if err := t.load(ctx, 1, int(*src.PageCount)); err != nil {
		return report, stale(err)
	}
	for batch := range slices.Chunk(fresh, importBatch) {
		if err := s.importSome(ctx, t, by, batch, &report); err != nil {
			return report, err
		}
	}
	return report, nil
}

// mayImport asks for what making such marks by hand needs.
func (s *Service) mayImport(ctx context.Context, editionID uuid.UUID, by identity.Person, marks []Imported) error {
	shared := slices.ContainsFunc(marks, func(m Imported) bool { return !m.Private })
	_, err := s.Documents.EditionFor(ctx, by, toMark(!shared), editionID)
	return err
}

// notYetThere gives the marks that were not imported before, each once.
func (s *Service) notYetThere(ctx context.Context, editionID uuid.UUID, by *identity.Person, marks []Imported) (fresh []Imported, skipped int, err error) {
	there := map[bool]map[string]bool{}
	for _, private := range []bool{false, true} {
		var keys []string
		for _, m := range marks {
			if m.Private == private {
				keys = append(keys, originKey(m.OriginKey))
			}
		}
		owner := uuid.NullUUID{}
		if private && by != nil {
			owner = nullable(by.ID)
		}
		found, err := s.q.OriginKeys(ctx, s.Pool, editionID, keys, owner)
		if err != nil {
			return nil, 0, postgres.Fault(fmt.Errorf("marks that are there: %w", err))
		}
		there[private] = map[string]bool{}
		for _, key := range found {
			there[private][key] = true
		}
	}
	for _, m := range marks {
		m.OriginKey = originKey(m.OriginKey)
		if m.OriginKey == "" || m.Private && by == nil || there[m.Private][m.OriginKey] {
			skipped++
			continue
		}
		there[m.Private][m.OriginKey] = true
		fresh = append(fresh, m)
	}
	return fresh, skipped, nil
}

// importing is a mark that is about to be stored.
type importing struct {
	Imported
	id uuid.UUID
	anchor
}

// importSome brings in marks in one transaction.
func (s *Service) importSome(ctx context.Context, t *target, by *identity.Person, marks []Imported, report *ImportReport) error {
	var list []importing
	for _, m := range marks {
		a, err := t.placeImported(ctx, m)
		if errors.Is(err, errNoPlace) {
			report.Skipped++
			continue
		}
		if err != nil {
			return stale(err)
		}
		list = append(list, importing{m, uuid.Must(uuid.NewV7()), a})
	}
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		e, err := s.q.ShareEdition(ctx, tx, t.src.ID)
		if err != nil {
			return missing(fmt.Errorf("share edition: %w", err), document.ErrGone)
		}
		if document.State(e.State) != document.Ready || e.Attempt != t.src.Attempt {
			return document.ErrStale
		}
		if e.LibraryID != t.src.LibraryID {
			return errTextChanged // it went to another library; the job comes again
		}
		inserted, err := s.insertImported(ctx, tx, t.src.LibraryID, t.src.DocumentID, t.src.ID, by, list)
		if err != nil {
			return err
		}
		report.Skipped += len(list) - len(inserted)
		anchors := annotationdb.PutAnchorsParams{
			LibraryID: t.src.LibraryID, EditionID: t.src.ID, Attempt: t.src.Attempt, TextVersion: t.src.TextVersion,
		}
		for _, m := range inserted {
			report.Imported++
			if m.Status == Orphan {
				report.Orphans++
			}
			if m.Kind != Document {
				if err := appendAnchor(&anchors, m.id, m.anchor); err != nil {
					return err
				}
			}
		}
		if err := s.q.PutAnchors(ctx, tx, anchors); err != nil {
			return fmt.Errorf("put anchors: %w", err)
		}
		return s.settleElsewhere(ctx, tx, mark{DocumentID: t.src.DocumentID}, t.src.ID)
	})
}

// insertImported stores marks with their threads, and gives those that were not
// there yet. editionID is nil where all are notes on the document.
func (s *Service) insertImported(ctx context.Context, tx *postgres.Tx, libraryID, documentID, editionID uuid.UUID, by *identity.Person, list []importing) ([]importing, error) {
	now := s.Clock.Now()
	p := annotationdb.InsertImportedParams{LibraryID: libraryID, DocumentID: documentID, EditionID: editionID}
	for _, m := range list {
		author, name := authorOf(by, m.Mine || m.Private, m.Author)
		created := orAt(m.Created, now)
		p.Ids = append(p.Ids, m.id)
		p.AuthorIds = append(p.AuthorIds, author)
		p.AuthorNames = append(p.AuthorNames, name)
		p.Kinds = append(p.Kinds, string(m.Kind))
		p.Meanings = append(p.Meanings, string(cmp.Or(m.Meaning, Key)))
		p.Privates = append(p.Privates, m.Private)
		p.Bodies = append(p.Bodies, cutBody(m.Body))
		p.Created = append(p.Created, created)
		p.Updated = append(p.Updated, orAt(m.Updated, created))
		p.Origins = append(p.Origins, string(m.Origin))
		p.OriginKeys = append(p.OriginKeys, m.OriginKey)
		p.Edited = append(p.Edited, m.Edited)
		resolved := time.Time{}
		if m.Resolved {
			resolved = orAt(m.ResolvedAt, orAt(m.Updated, created))
		}
		p.Resolved = append(p.Resolved, resolved)
		p.ResolvedBys = append(p.ResolvedBys, cutName(m.ResolvedBy))
	}
	ids, err := s.q.InsertImported(ctx, tx, p)
	if err != nil {
		return nil, fmt.Errorf("insert imported marks: %w", err)
	}
	replies := annotationdb.InsertImportedRepliesParams{LibraryID: libraryID}
	actor := identity.Person{}
	if by != nil {
		actor = *by
	}
	there := make(map[uuid.UUID]bool, len(ids))
	for _, id := range ids {
		there[id] = true
	}
	inserted := slices.DeleteFunc(slices.Clone(list), func(m importing) bool { return !there[m.id] })
	for _, m := range inserted {
		at := orAt(m.Created, now)
		for _, r := range m.Replies {
			body := cutBody(r.Body)
			if body == "" {
				continue
			}
			// Never before the one above it: a thread is read by time.
			if r.Created.After(at) {
				at = r.Created
			}
			author, name := authorOf(by, r.Mine, r.Author)
			replies.Ids = append(replies.Ids, uuid.Must(uuid.NewV7()))
			replies.AnnotationIds = append(replies.AnnotationIds, m.id)
			replies.AuthorIds = append(replies.AuthorIds, author)
			replies.AuthorNames = append(replies.AuthorNames, name)
			replies.Bodies = append(replies.Bodies, body)
			replies.Created = append(replies.Created, at)
			replies.Edited = append(replies.Edited, r.Edited)
		}
		s.record(tx, mark{ID: m.id, LibraryID: libraryID, AuthorID: nullable(actor.ID)}, library.OpAdded, actor, m.Private)
	}
	if err := s.q.InsertImportedReplies(ctx, tx, replies); err != nil {
		return nil, fmt.Errorf("insert imported replies: %w", err)
	}
	if err := s.q.InsertImportedHistory(ctx, tx, ids); err != nil {
		return nil, fmt.Errorf("insert history: %w", err)
	}
	return inserted, nil
}

// BringNotes makes the notes on a document that comes out of an archive, in the
// transaction that makes the document. by is who brings them. The caller has asked
// for permission.
func (s *Service) BringNotes(ctx context.Context, tx *postgres.Tx, libraryID, documentID uuid.UUID, by identity.Person, notes []Imported) error {
	var list []importing
	for _, m := range notes {
		if m.OriginKey = originKey(m.OriginKey); m.Kind != Document || m.Origin == FromFile || m.OriginKey == "" || cutBody(m.Body) == "" {
			continue // none that could be made by hand
		}
		list = append(list, importing{Imported: m, id: uuid.Must(uuid.NewV7())})
	}
	if len(list) == 0 {
		return nil
	}
	_, err := s.insertImported(ctx, tx, libraryID, documentID, uuid.Nil, &by, list)
	return err
}

func authorOf(by *identity.Person, mine bool, name string) (uuid.UUID, string) {
	if mine && by != nil {
		return by.ID, by.Name
	}
	return uuid.Nil, cutName(name)
}

// orAt is a time that a file gives, unless it is one that cannot be.
func orAt(t, otherwise time.Time) time.Time {
	if t.IsZero() || t.Year() < 1900 || t.Year() > 9999 {
		return otherwise
	}
	return t
}

// placeImported finds where a mark from a file stands. What lies outside its
// page is brought to its edge, as viewers show it.
func (t *target) placeImported(ctx context.Context, m Imported) (anchor, error) {
	if !slices.Contains([]Kind{Highlight, Underline, Area, Note, Text, Ink, Document}, m.Kind) {
		return anchor{}, errNoPlace
	}
	if m.Kind == Document {
		if cutBody(m.Body) == "" {
			return anchor{}, errNoPlace
		}
		return anchor{}, nil
	}
	if m.Kind.OnText() {
		return t.placeOnText(ctx, m)
	}
	if len(m.Parts) == 0 {
		return anchor{}, errNoPlace
	}
	p := m.Parts[0]
	page, err := t.page(ctx, p.Page)
	if err != nil {
		return anchor{}, err
	}
	if page == nil {
		return anchor{}, errNoPlace
	}
	part := Part{Page: p.Page}
	if m.Kind == Ink {
		part.Paths = clampedPaths(p.Paths, page.Box)
		if part.Paths == nil {
			return anchor{}, errNoPlace
		}
		box := boundsOfPaths(part.Paths)
		part.Rect = &box
	} else {
		if p.Rect == nil {
			return anchor{}, errNoPlace
		}
		box, ok := clampedRect(*p.Rect, page.Box)
		if !ok {
			return anchor{}, errNoPlace
		}
		part.Rect = &box
	}
	return t.besideWords(*page, part, Exact, 1)
}

// placeOnText finds a mark on text: at its quote if it brings one, at its
// positions, or at the words that its quads cover. A mark over no words, as on a
// scanned page, has its quads alone.
func (t *target) placeOnText(ctx context.Context, m Imported) (anchor, error) {
	var (
		positions []anchoring.Position
		bare      []Part
		first     order
	)
	for _, p := range m.Parts {
		page, err := t.page(ctx, p.Page)
		if err != nil {
			return anchor{}, err
		}
		if page == nil {
			continue
		}
		if p.Start != nil && p.End != nil {
			if 0 <= *p.Start && *p.Start < *p.End && *p.End <= utf8.RuneCountInString(page.Text) {
				positions = append(positions, anchoring.Position{Page: p.Page, Start: *p.Start, End: *p.End})
			}
			continue
		}
		var quads [][8]float32
		for _, q := range p.Quads {
			if !finite(q[:]) {
				continue
			}
			if box, ok := clampedRect(boundsOf([][8]float32{q}), page.Box); ok && box.Width() > 0 && box.Height() > 0 {
				quads = append(quads, q)
			}
		}
		if len(quads) == 0 {
			continue
		}
		part := Part{Page: p.Page, Quads: quads}
		if start, end, ok := wordsUnder(page.Words, quads); ok {
			part.Start, part.End = &start, &end
			positions = append(positions, anchoring.Position{Page: p.Page, Start: start, End: end})
		}
		if len(bare) == 0 {
			first = orderOn(*page, boundsOf(quads), cmp.Or(deref(part.Start), 0))
		}
		bare = append(bare, part)
	}
	if m.Quote != nil && m.Quote.Exact != "" {
		return t.locate(ctx, *m.Quote, positions)
	}
	if len(positions) == 0 && len(bare) == 0 {
		return anchor{}, errNoPlace
	}
	var (
		q   anchoring.Quote
		err error
	)
	if len(positions) > 0 {
		if q, err = t.quote(positions); err != nil {
			return anchor{}, err
		}
	}
	if len(bare) > 0 {
		// As the file draws it, which may be finer than whole words.
		return t.at(Exact, 1, q, bare, first), nil
	}
	parts, o, err := t.partsAt(ctx, positions)
	if fault.Is(err, errBadParts.Code) {
		return anchor{}, errNoPlace
	}
	return t.at(Exact, 1, q, parts, o), err
}

// locate looks for a quote, from where it is said to stand.
func (t *target) locate(ctx context.Context, quote anchoring.Quote, hint []anchoring.Position) (anchor, error) {
	quote = anchoring.Quote{Exact: cutBody(quote.Exact), Prefix: cutBody(quote.Prefix), Suffix: cutBody(quote.Suffix)}
	match := t.text.Locate(quote, hint)
	if Status(match.Status) == Orphan {
		return t.lost(quote), nil
	}
	parts, o, err := t.partsAt(ctx, match.Parts)
	if fault.Is(err, errBadParts.Code) {
		return t.lost(quote), nil
	}
	return t.at(Status(match.Status), match.Score, quote, parts, o), err
}

// wordsUnder is the range of text whose words have their middle in one of the
// quads. Where such words do not follow each other (a mark across a column's
// edge) it is the longest stretch of them.
func wordsUnder(words []pagetext.Word, quads [][8]float32) (start, end int, ok bool) {
	const gap = 2 // words in between that a quad may have missed
	boxes := make([]pagetext.Rect, len(quads))
	for i, q := range quads {
		boxes[i] = boundsOf([][8]float32{q})
	}
	covered := func(w pagetext.Word) bool {
		for _, b := range w.Boxes {
			x, y := (b[0]+b[2])/2, (b[1]+b[3])/2
			for _, box := range boxes {
				if x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] {
					return true
				}
			}
		}
		return false
	}
	type stretch struct{ from, to, count int }
	var longest, now stretch
	for i, w := range words {
		if !covered(w) {
			continue
		}
		if now.count == 0 || i-now.to > gap+1 {
			now = stretch{from: i}
		}
		now.to = i
		now.count++
		if now.count > longest.count {
			longest = now
		}
	}
	if longest.count == 0 {
		return 0, 0, false
	}
	return words[longest.from].Start, words[longest.to].End, true
}

func deref(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

func finite(values []float32) bool {
	const most = 1e6 // points; no page is as large
	for _, v := range values {
		if !(v > -most && v < most) {
			return false
		}
	}
	return true
}

// clampedRect is the part of a box that is on the page, in the order of its
// corners; false when none is.
func clampedRect(r, page pagetext.Rect) (pagetext.Rect, bool) {
	if !finite(r[:]) {
		return r, false
	}
	r = pagetext.Rect{min(r[0], r[2]), min(r[1], r[3]), max(r[0], r[2]), max(r[1], r[3])}
	if r[0] > page[2] || r[2] < page[0] || r[1] > page[3] || r[3] < page[1] {
		return r, false
	}
	return pagetext.Rect{max(r[0], page[0]), max(r[1], page[1]), min(r[2], page[2]), min(r[3], page[3])}, true
}

// clampedPaths are strokes brought into the page, as many points as are kept.
func clampedPaths(paths [][]float32, page pagetext.Rect) [][]float32 {
	var kept [][]float32
	left := maxInkPoints
	for _, path := range paths {
		path = path[:min(len(path)/2, left)*2]
		if len(path) == 0 || !finite(path) {
			continue
		}
		left -= len(path) / 2
		stroke := make([]float32, len(path))
		for i := 0; i < len(path); i += 2 {
			stroke[i] = max(page[0], min(page[2], path[i]))
			stroke[i+1] = max(page[1], min(page[3], path[i+1]))
		}
		kept = append(kept, stroke)
	}
	return kept
}

func boundsOfPaths(paths [][]float32) pagetext.Rect {
	r := pagetext.Rect{paths[0][0], paths[0][1], paths[0][0], paths[0][1]}
	for _, path := range paths {
		for i := 0; i+1 < len(path); i += 2 {
			r = r.Union(pagetext.Rect{path[i], path[i+1], path[i], path[i+1]})
		}
	}
	return r
}
