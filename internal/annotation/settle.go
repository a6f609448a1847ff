package annotation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

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

// settleRounds bounds how often Settle looks for marks that came while it worked.
const settleRounds = 20

// Settle gives every mark of a document a place in one of its editions: anew
// after the file was read again, and for the first time in another edition. It
// may run any number of times, and at the same time on two nodes. It ends
// without doing anything when the edition is gone, or has another attempt than
// the one asked for (0: any), whose own Settle follows.
func (s *Service) Settle(ctx context.Context, editionID uuid.UUID, attempt int32) error {
	for range settleRounds {
		left, err := s.settleOnce(ctx, editionID, attempt)
		if errors.Is(err, document.ErrGone) || errors.Is(err, document.ErrStale) || fault.Is(err, "not_ready") {
			return nil
		}
		if err != nil || !left {
			return err
		}
	}
	return fmt.Errorf("settle edition %s: marks come faster than they are found", editionID)
}

// settleOnce finds the marks that have no place yet and reports whether others
// came or moved meanwhile.
func (s *Service) settleOnce(ctx context.Context, editionID uuid.UUID, attempt int32) (left bool, err error) {
	src, err := s.Documents.Source(ctx, s.Pool, editionID)
	if err != nil {
		return false, err
	}
	if attempt != 0 && src.Attempt != attempt {
		return false, document.ErrStale
	}
	marks, err := s.q.Unsettled(ctx, s.Pool, src.DocumentID, src.ID, src.Attempt)
	if err != nil {
		return false, postgres.Fault(fmt.Errorf("unsettled marks: %w", err))
	}
	if len(marks) == 0 {
		return false, nil
	}
	anchors, err := s.anchorsOf(ctx, marks)
	if err != nil {
		return false, err
	}
	t := newTarget(s.Documents, s.Pool, src)
	if src.PageCount != nil && *src.PageCount > 0 {
		if err := t.load(ctx, 1, int(*src.PageCount)); err != nil {
			return false, err
		}
	}
	found := make(map[uuid.UUID]anchor, len(marks))
	before := make(map[uuid.UUID]anchor, len(marks))
	for _, m := range marks {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		from, ok := best(anchors[m.ID], src.ID, m.EditionID.UUID)
		if !ok { // the edition that it was made on is gone
			found[m.ID] = t.lost(anchoring.Quote{})
			continue
		}
		if from.EditionID == src.ID {
			before[m.ID] = from
		}
		if found[m.ID], err = t.find(ctx, Kind(m.Kind), from); err != nil {
			return false, err
		}
	}
	revisions := make(map[uuid.UUID]int32, len(marks))
	for _, m := range marks {
		revisions[m.ID] = m.Revision
	}
	return s.storeSettled(ctx, src, found, before, revisions)
}

// storeSettled stores places that were found, if the edition's text is still
// the one that they were found in. A mark that was changed meanwhile is left.
func (s *Service) storeSettled(ctx context.Context, src document.Source, found, before map[uuid.UUID]anchor, revisions map[uuid.UUID]int32) (left bool, err error) {
	err = postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		// Edition, document, marks: the order in which everybody locks them.
		e, err := s.q.ShareEdition(ctx, tx, src.ID)
		if err != nil {
			return missing(fmt.Errorf("share edition: %w", err), document.ErrGone)
		}
		if document.State(e.State) != document.Ready || e.Attempt != src.Attempt {
			return document.ErrStale
		}
		if e.LibraryID != src.LibraryID {
			left = true // it went to another library meanwhile, with its marks
			return nil
		}
		// A mark that is being made either is seen below, or its maker sees that
		// this edition is ready and asks for another Settle.
		if err := s.q.LockDocument(ctx, tx, src.DocumentID); err != nil {
			return fmt.Errorf("lock document: %w", err)
		}
		ids := make([]uuid.UUID, 0, len(found))
		for id := range found {
			ids = append(ids, id)
		}
		rows, err := s.q.LockMarks(ctx, tx, ids)
		if err != nil {
			return fmt.Errorf("lock marks: %w", err)
		}
		batch := annotationdb.PutAnchorsParams{
			LibraryID: src.LibraryID, EditionID: src.ID, Attempt: src.Attempt, TextVersion: src.TextVersion,
		}
		for _, r := range rows {
			if r.Revision != revisions[r.ID] {
				continue
			}
			a := found[r.ID]
			if err := appendAnchor(&batch, r.ID, a); err != nil {
				return err
			}
			if was, ok := before[r.ID]; ok && samePlace(was, a) {
				continue // nobody need hear of it
			}
			s.record(tx, mark{ID: r.ID, LibraryID: r.LibraryID, AuthorID: r.AuthorID}, library.OpChanged, identity.Person{}, r.Private)
		}
		if err := s.q.PutAnchors(ctx, tx, batch); err != nil {
			return fmt.Errorf("put anchors: %w", err)
		}
		rest, err := s.q.Unsettled(ctx, tx, src.DocumentID, src.ID, src.Attempt)
		if err != nil {
			return fmt.Errorf("unsettled marks: %w", err)
		}
		left = len(rest) > 0
		return nil
	})
	return left, err
}

func appendAnchor(batch *annotationdb.PutAnchorsParams, id uuid.UUID, a anchor) error {
	p, err := a.params(batch.LibraryID, id)
	if err != nil {
		return err
	}
	batch.AnnotationIds = append(batch.AnnotationIds, id)
	batch.Statuses = append(batch.Statuses, p.Status)
	batch.Scores = append(batch.Scores, p.Score)
	batch.Confirmed = append(batch.Confirmed, p.Confirmed)
	batch.Exacts = append(batch.Exacts, p.Exact)
	batch.Prefixes = append(batch.Prefixes, p.Prefix)
	batch.Suffixes = append(batch.Suffixes, p.Suffix)
	batch.Parts = append(batch.Parts, string(p.Parts))
	batch.Nears = append(batch.Nears, string(p.Near))
	batch.Pages = append(batch.Pages, p.Page)
	batch.Positions = append(batch.Positions, p.Position)
	batch.Ys = append(batch.Ys, p.Y)
	batch.Xs = append(batch.Xs, p.X)
	return nil
}

// samePlace reports whether people see no difference between two places.
func samePlace(a, b anchor) bool {
	return a.Status == b.Status && a.Confirmed == b.Confirmed && a.Exact == b.Exact && reflect.DeepEqual(a.Parts, b.Parts)
}

// anchorsOf reads all places of marks.
func (s *Service) anchorsOf(ctx context.Context, marks []annotationdb.UnsettledRow) (map[uuid.UUID][]anchor, error) {
	ids := make([]uuid.UUID, len(marks))
	for i, m := range marks {
		ids[i] = m.ID
	}
	rows, err := s.q.AnchorsOf(ctx, s.Pool, ids)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("anchors: %w", err))
	}
	anchors := make(map[uuid.UUID][]anchor, len(marks))
	for _, r := range rows {
		a := anchor{
			Anchor: Anchor{
				EditionID: r.EditionID, Status: Status(r.Status), Score: float64(r.Score), Confirmed: r.Confirmed,
				Exact: r.Exact, Prefix: r.Prefix, Suffix: r.Suffix, TextVersion: r.TextVersion,
			},
			attempt: r.Attempt, order: order{r.Page, r.Position, r.Y, r.X},
		}
		if err := json.Unmarshal(r.Parts, &a.Parts); err != nil {
			return nil, fmt.Errorf("parts of mark %s: %w", r.AnnotationID, err)
		}
		if r.Near != nil && !bytes.Equal(r.Near, []byte("null")) {
			if err := json.Unmarshal(r.Near, &a.near); err != nil {
				return nil, fmt.Errorf("words near mark %s: %w", r.AnnotationID, err)
			}
		}
		anchors[r.AnnotationID] = append(anchors[r.AnnotationID], a)
	}
	return anchors, nil
}

// best is the place to look for a mark from: its place in the edition itself
// unless it was lost there, else one that is certain, and among equals that of
// the edition that the mark was made on. False when it has none yet.
func best(anchors []anchor, editionID, madeOn uuid.UUID) (anchor, bool) {
	rank := func(a anchor) int {
		switch {
		case a.EditionID == editionID && a.Status != Orphan:
			return 0
		case a.EditionID == madeOn && a.Status != Orphan:
			return 1
		case a.Status == Exact || a.Confirmed:
			return 2
		case a.Status == Fuzzy:
			return 3
		case a.EditionID == editionID:
			return 4
		default:
			return 5
		}
	}
	var found anchor
	for i, a := range anchors {
		if i == 0 || rank(a) < rank(found) {
			found = a
		}
	}
	return found, len(anchors) > 0
}

// find gives a mark's place in this edition, from one in the same or another.
func (t *target) find(ctx context.Context, kind Kind, from anchor) (anchor, error) {
	same := from.EditionID == t.src.ID
	quote := anchoring.Quote{Exact: from.Exact, Prefix: from.Prefix, Suffix: from.Suffix}
	switch {
	case !kind.OnText() && same:
		return t.refresh(ctx, from)
	case !kind.OnText():
		return t.carry(ctx, from, quote)
	case quote.Exact == "" && same:
		// A file's mark on a page without text: the bytes are the same, so it is
		// where it was.
		return t.keep(from, from.Status, quote), nil
	case quote.Exact == "" || t.text == nil:
		return t.lost(quote), nil
	}
	match := t.text.Locate(quote, t.hint(from))
	if Status(match.Status) == Orphan {
		if same {
			// Its place on the page is as it was; only the words are not.
			return t.keep(from, Orphan, quote), nil
		}
		return t.lost(quote), nil
	}
	positions := make([]anchoring.Position, len(match.Parts))
	for i, p := range match.Parts {
		positions[i] = anchoring.Position{Page: p.Page + t.first - 1, Start: p.Start, End: p.End}
	}
	parts, o, err := t.partsAt(ctx, positions)
	if fault.Is(err, errBadParts.Code) || fault.Is(err, errNoPage.Code) {
		return t.lost(quote), nil
	}
	if err != nil {
		return anchor{}, err
	}
	// It keeps the words that were marked, whatever stands there now: found again
	// and again, it must not drift away from them.
	a := t.at(Status(match.Status), match.Score, quote, parts, o)
	a.Confirmed = from.Confirmed && same && from.order.page == o.page
	return a, nil
}

// hint is where a mark on text stood, as far as that is known.
func (t *target) hint(from anchor) []anchoring.Position {
	var hint []anchoring.Position
	for _, p := range from.Parts {
		if p.Start != nil && p.End != nil {
			hint = append(hint, anchoring.Position{Page: p.Page - t.first + 1, Start: *p.Start, End: *p.End})
		}
	}
	return hint
}

// keep leaves a mark where it is on the page, without saying in which words.
func (t *target) keep(from anchor, status Status, quote anchoring.Quote) anchor {
	parts := make([]Part, len(from.Parts))
	for i, p := range from.Parts {
		p.Start, p.End = nil, nil
		parts[i] = p
	}
	score := from.Score
	if status == Orphan {
		score = 0
	}
	a := t.at(status, score, quote, parts, from.order)
	a.Confirmed = from.Confirmed && status != Orphan
	return a
}

// lost is the place of a mark that was not found.
func (t *target) lost(quote anchoring.Quote) anchor {
	return t.at(Orphan, 0, quote, nil, order{page: orphanPage})
}

// refresh looks anew for the words near a mark on no text, which stays where it
// is: the file's bytes are the same.
func (t *target) refresh(ctx context.Context, from anchor) (anchor, error) {
	if len(from.Parts) != 1 || from.Parts[0].Rect == nil {
		return t.keep(from, Orphan, anchoring.Quote{Exact: from.Exact, Prefix: from.Prefix, Suffix: from.Suffix}), nil
	}
	part := from.Parts[0]
	page, err := t.page(ctx, part.Page)
	if err != nil {
		return anchor{}, err
	}
	if page == nil { // it was drawn before anybody knew how many pages there are
		return t.lost(anchoring.Quote{}), nil
	}
	status, score := from.Status, from.Score
	if status == Orphan {
		status, score = Exact, 1
	}
	a, err := t.besideWords(*page, part, status, score)
	a.Confirmed = from.Confirmed
	return a, err
}

// carry puts a mark on no text at the same distance from the words nearest to
// it. That is a guess, however well the words are found.
func (t *target) carry(ctx context.Context, from anchor, quote anchoring.Quote) (anchor, error) {
	if from.near == nil || len(from.Parts) != 1 || from.Parts[0].Rect == nil || t.text == nil {
		return t.lost(quote), nil
	}
	n := from.near
	match := t.text.Locate(quote, []anchoring.Position{{Page: n.Page - t.first + 1, Start: n.Start, End: n.End}})
	if Status(match.Status) == Orphan || len(match.Parts) == 0 {
		return t.kept(quote, n), nil
	}
	at := match.Parts[0]
	page, err := t.page(ctx, at.Page+t.first-1)
	if err != nil {
		return anchor{}, err
	}
	box, ok := boxAt(page, at.Start+n.Word)
	if !ok {
		return t.kept(quote, n), nil
	}
	part := shifted(from.Parts[0], box[0]-n.Box[0], box[3]-n.Box[3], page.Box)
	part.Page = page.Number
	a, err := t.besideWords(*page, part, Fuzzy, match.Score)
	if err != nil {
		return anchor{}, err
	}
	return a, nil
}

// kept is lost for a mark on no text, which keeps the words near it.
func (t *target) kept(quote anchoring.Quote, n *near) anchor {
	a := t.lost(quote)
	a.near = n
	return a
}

// boxAt is the box of the word at a code point of the page's text, or of the
// one before it.
func boxAt(page *pagetext.Page, offset int) (pagetext.Rect, bool) {
	if page == nil {
		return pagetext.Rect{}, false
	}
	found, ok := pagetext.Rect{}, false
	for _, word := range page.Words {
		if word.Start > offset {
			break
		}
		if len(word.Boxes) > 0 {
			found, ok = word.Boxes[0], true
		}
	}
	return found, ok
}

// shifted is a part moved by so many points, as far as its page reaches.
func shifted(p Part, dx, dy float32, page pagetext.Rect) Part {
	r := *p.Rect
	dx = max(min(dx, page[2]-r[2]), page[0]-r[0])
	dy = max(min(dy, page[3]-r[3]), page[1]-r[1])
	moved := p
	moved.Rect = &pagetext.Rect{r[0] + dx, r[1] + dy, r[2] + dx, r[3] + dy}
	moved.Paths = nil
	for _, path := range p.Paths {
		stroke := make([]float32, len(path))
		for i := 0; i+1 < len(path); i += 2 {
			stroke[i], stroke[i+1] = path[i]+dx, path[i+1]+dy
		}
		moved.Paths = append(moved.Paths, stroke)
	}
	return moved
}
