package annotation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/anchoring"
	"scrollkeeper.example/scrollkeeper/internal/annotation/internal/annotationdb"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// anchor is a place as it is stored: an Anchor with what finds it again and what
// puts it in order.
type anchor struct {
	Anchor
	// attempt at the edition that the place was made from; 0: not read yet.
	attempt int32
	near    *near
	order   order
}

// order is where a mark stands in a list: on which page, at which code point of
// its text, then down and across the page as it is shown, in points.
type order struct {
	page, position int32
	y, x           float32
}

// orphans come after all that have a place, and before what is pending.
const orphanPage = math.MaxInt32 - 1

// near are the words by which a mark on no text is found in another edition.
type near struct {
	Page  int `json:"page"`
	Start int `json:"start"` // the words, code points of the page's text
	End   int `json:"end"`
	// Word is where the nearest of them begins, counted from Start, and Box is
	// its box: the mark keeps its distance to it.
	Word int           `json:"word"`
	Box  pagetext.Rect `json:"box"`
}

// nearWords is how many words before and after the nearest one are kept.
const nearWords = 6

// place checks where a person wants a mark and makes an anchor of it.
func (s *Service) place(ctx context.Context, db postgres.DBTX, documentID, editionID uuid.UUID, kind Kind, places []Place, textVersion *string) (anchor, error) {
	if err := checkShape(kind, places); err != nil {
		return anchor{}, err
	}
	src, err := s.Documents.Source(ctx, db, editionID)
	switch {
	case errors.Is(err, document.ErrGone):
		return anchor{}, errNoEdition
	case fault.Is(err, "not_ready"):
		return s.placeUnread(ctx, db, documentID, editionID, kind, places)
	case err != nil:
		return anchor{}, err
	case src.DocumentID != documentID:
		return anchor{}, errNoEdition
	case textVersion != nil && *textVersion != src.TextVersion:
		return anchor{}, errTextChanged.With("text_version", src.TextVersion)
	}
	first, last := places[0].Page, places[len(places)-1].Page
	if first < 1 || src.PageCount == nil || last > int(*src.PageCount) {
		return anchor{}, errNoPage
	}
	t := newTarget(s.Documents, db, src)
	// The pages around are for what stands before and after the quote.
	if err := t.load(ctx, first-1, last+1); err != nil {
		return anchor{}, stale(err)
	}
	var a anchor
	if kind.OnText() {
		a, err = t.onText(ctx, places)
	} else {
		a, err = t.onPage(ctx, kind, places[0])
	}
	return a, stale(err)
}

// stale says in a person's words that the text changed under a request.
func stale(err error) error {
	if errors.Is(err, document.ErrStale) || errors.Is(err, document.ErrGone) {
		return errTextChanged
	}
	return err
}

// placeUnread takes a place on a page that nobody has read yet. What can be
// checked is checked; Settle does the rest.
func (s *Service) placeUnread(ctx context.Context, db postgres.DBTX, documentID, editionID uuid.UUID, kind Kind, places []Place) (anchor, error) {
	if _, err := s.edition(ctx, db, documentID, nullable(editionID)); err != nil {
		return anchor{}, err
	}
	if kind.OnText() {
		return anchor{}, errNotReady
	}
	const pages, extent = 100_000, 20_000 // more than any file has; points
	if places[0].Page < 1 || places[0].Page > pages {
		return anchor{}, errNoPage
	}
	page := pagetext.Page{Number: places[0].Page, Box: pagetext.Rect{-extent, -extent, extent, extent}}
	part, err := shapeOn(page, kind, places[0])
	if err != nil {
		return anchor{}, err
	}
	return anchor{
		Anchor: Anchor{EditionID: editionID, Status: Exact, Score: 1, Parts: []Part{part}},
		order:  orderOn(page, *part.Rect, 0),
	}, nil
}

// checkShape says whether places have what a mark of this kind needs.
func checkShape(kind Kind, places []Place) error {
	if kind == Document || len(places) == 0 || len(places) > maxParts || !kind.OnText() && len(places) > 1 {
		return errBadParts
	}
	for i, p := range places {
		onText, hasRect, hasPaths := p.Start != nil && p.End != nil, p.Rect != nil, p.Paths != nil
		var fits bool
		switch {
		case kind.OnText():
			fits = onText && !hasRect && !hasPaths && (i == 0 || p.Page == places[i-1].Page+1)
		case kind == Ink:
			fits = hasPaths && !hasRect && p.Start == nil && p.End == nil
		default:
			fits = len(p.Rect) == 4 && !hasPaths && p.Start == nil && p.End == nil
		}
		if !fits {
			return errBadParts
		}
	}
	return nil
}

// shapeOn checks the box or the strokes of a mark on no text.
func shapeOn(page pagetext.Page, kind Kind, p Place) (Part, error) {
	part := Part{Page: p.Page}
	if kind == Ink {
		points := 0
		for _, path := range p.Paths {
			points += len(path) / 2
		}
		if points > maxInkPoints {
			return Part{}, errTooMuchInk
		}
		var bounds pagetext.Rect
		for _, path := range p.Paths {
			if len(path) < 2 || len(path)%2 != 0 {
				return Part{}, errBadParts
			}
			stroke := make([]float32, len(path))
			for i := 0; i < len(path); i += 2 {
				x, y := path[i], path[i+1]
				if !inside(page.Box, x, y) {
					return Part{}, errOutsidePage
				}
				stroke[i], stroke[i+1] = float32(x), float32(y)
				point := pagetext.Rect{stroke[i], stroke[i+1], stroke[i], stroke[i+1]}
				if i == 0 && len(part.Paths) == 0 {
					bounds = point
				}
				bounds = bounds.Union(point)
			}
			part.Paths = append(part.Paths, stroke)
		}
		if len(part.Paths) == 0 {
			return Part{}, errBadParts
		}
		part.Rect = &bounds
		return part, nil
	}
	x0, x1 := min(p.Rect[0], p.Rect[2]), max(p.Rect[0], p.Rect[2])
	y0, y1 := min(p.Rect[1], p.Rect[3]), max(p.Rect[1], p.Rect[3])
	if !inside(page.Box, x0, y0) || !inside(page.Box, x1, y1) {
		return Part{}, errOutsidePage
	}
	if kind != Note && (x1-x0 < minWidth || y1-y0 < minWidth) {
		return Part{}, errTooSmall
	}
	part.Rect = &pagetext.Rect{float32(x0), float32(y0), float32(x1), float32(y1)}
	return part, nil
}

// inside reports whether a point lies on a page, and is false for what is no
// number.
func inside(box pagetext.Rect, x, y float64) bool {
	return x >= float64(box[0])-tolerance && x <= float64(box[2])+tolerance &&
		y >= float64(box[1])-tolerance && y <= float64(box[3])+tolerance
}

// orderOn is the order of a mark with this box, at this place of the page's text.
func orderOn(page pagetext.Page, r pagetext.Rect, position int) order {
	o := order{page: int32(page.Number), position: int32(position)}
	b := page.Box
	switch page.Rotation {
	case 90:
		o.y, o.x = r[0]-b[0], r[1]-b[1]
	case 180:
		o.y, o.x = r[1]-b[1], b[2]-r[2]
	case 270:
		o.y, o.x = b[2]-r[2], b[3]-r[3]
	default:
		o.y, o.x = b[3]-r[3], r[0]-b[0]
	}
	return o
}

// bounds is the box around quads, in no order.
func boundsOf(quads [][8]float32) pagetext.Rect {
	var r pagetext.Rect
	for i, q := range quads {
		one := pagetext.Rect{
			min(q[0], q[2], q[4], q[6]), min(q[1], q[3], q[5], q[7]),
			max(q[0], q[2], q[4], q[6]), max(q[1], q[3], q[5], q[7]),
		}
		if i == 0 {
			r = one
		}
		r = r.Union(one)
	}
	return r
}

// target is an edition's text, in which places are made and found.
type target struct {
	documents *document.Service
	db        postgres.DBTX
	src       document.Source

	first int // number of the first page of pages
	pages []document.SourcePage
	read  []bool // whose words were read
	text  *anchoring.Text
}

func newTarget(documents *document.Service, db postgres.DBTX, src document.Source) *target {
	return &target{documents: documents, db: db, src: src}
}

// load reads the text of pages, as far as there are any.
func (t *target) load(ctx context.Context, from, to int) error {
	pages, err := t.documents.SourcePages(ctx, t.db, t.src, max(from, 1), to)
	if err != nil {
		return err
	}
	if len(pages) == 0 {
		return document.ErrStale
	}
	t.first, t.pages, t.read = pages[0].Number, pages, make([]bool, len(pages))
	texts := make([]string, len(pages))
	for i, page := range pages {
		texts[i] = page.Text
	}
	t.text = anchoring.NewText(texts)
	return nil
}

// page gives a page with its words; nil when there is none.
func (t *target) page(ctx context.Context, number int) (*pagetext.Page, error) {
	i := number - t.first
	if i < 0 || i >= len(t.pages) {
		return nil, nil
	}
	if !t.read[i] {
		if err := t.documents.FillWords(ctx, t.db, t.src, &t.pages[i]); err != nil {
			return nil, err
		}
		t.read[i] = true
	}
	return &t.pages[i].Page, nil
}

// quote is what stands at positions of the edition.
func (t *target) quote(positions []anchoring.Position) (anchoring.Quote, error) {
	shifted := make([]anchoring.Position, len(positions))
	for i, p := range positions {
		shifted[i] = anchoring.Position{Page: p.Page - t.first + 1, Start: p.Start, End: p.End}
	}
	q, err := t.text.QuoteAt(shifted)
	if errors.Is(err, anchoring.ErrOutside) {
		return q, errOutsideText
	}
	if err != nil {
		return q, fmt.Errorf("quote: %w", err)
	}
	return q, nil
}

// at makes an anchor in this edition.
func (t *target) at(status Status, score float64, q anchoring.Quote, parts []Part, o order) anchor {
	return anchor{
		Anchor: Anchor{
			EditionID: t.src.ID, Status: status, Score: score, Exact: q.Exact, Prefix: q.Prefix, Suffix: q.Suffix,
			TextVersion: t.src.TextVersion, Parts: parts,
		},
		attempt: t.src.Attempt, order: o,
	}
}

// onText makes the anchor of a mark on these ranges of text.
func (t *target) onText(ctx context.Context, places []Place) (anchor, error) {
	positions := make([]anchoring.Position, len(places))
	for i, p := range places {
		page, err := t.page(ctx, p.Page)
		if err != nil {
			return anchor{}, err
		}
		if page == nil {
			return anchor{}, errNoPage
		}
		if *p.Start < 0 || *p.Start >= *p.End || *p.End > utf8.RuneCountInString(page.Text) {
			return anchor{}, errOutsideText
		}
		positions[i] = anchoring.Position{Page: p.Page, Start: *p.Start, End: *p.End}
	}
	q, err := t.quote(positions)
	if err != nil {
		return anchor{}, err
	}
	parts, o, err := t.partsAt(ctx, positions)
	if err != nil {
		return anchor{}, err
	}
	return t.at(Exact, 1, q, parts, o), nil
}

// partsAt makes parts of ranges that are inside the text. A range of white space
// alone is nowhere on the page.
func (t *target) partsAt(ctx context.Context, positions []anchoring.Position) ([]Part, order, error) {
	parts := make([]Part, len(positions))
	var o order
	for i, p := range positions {
		page, err := t.page(ctx, p.Page)
		if err != nil {
			return nil, o, err
		}
		if page == nil {
			return nil, o, errNoPage
		}
		quads := anchoring.Quads(page.Words, p.Start, p.End)
		if len(quads) == 0 {
			return nil, o, errBadParts
		}
		parts[i] = Part{Page: p.Page, Start: &p.Start, End: &p.End, Quads: quads}
		if i == 0 {
			o = orderOn(*page, boundsOf(quads[:1]), p.Start)
		}
	}
	return parts, o, nil
}

// onPage makes the anchor of a mark on no text.
func (t *target) onPage(ctx context.Context, kind Kind, p Place) (anchor, error) {
	page, err := t.page(ctx, p.Page)
	if err != nil {
		return anchor{}, err
	}
	if page == nil {
		return anchor{}, errNoPage
	}
	part, err := shapeOn(*page, kind, p)
	if err != nil {
		return anchor{}, err
	}
	return t.besideWords(*page, part, Exact, 1)
}

// besideWords makes the anchor of a mark that is on no text, and keeps the words
// nearest to it.
func (t *target) besideWords(page pagetext.Page, part Part, status Status, score float64) (anchor, error) {
	n := nearest(page, *part.Rect)
	var (
		q        anchoring.Quote
		position int
		err      error
	)
	if n != nil {
		position = n.Start + n.Word
		if q, err = t.quote([]anchoring.Position{{Page: n.Page, Start: n.Start, End: n.End}}); err != nil {
			return anchor{}, err
		}
	}
	a := t.at(status, score, q, []Part{part}, orderOn(page, *part.Rect, position))
	a.near = n
	return a, nil
}

// nearest finds the words nearest to a box: the first one in it, else the one
// with the least distance, and some words around that. Nil on a page without text.
func nearest(page pagetext.Page, r pagetext.Rect) *near {
	best, least, found := 0, float32(math.Inf(1)), pagetext.Rect{}
	for i, word := range page.Words {
		for _, box := range word.Boxes {
			if d := distance(box, r); d < least {
				best, least, found = i, d, box
			}
		}
	}
	if math.IsInf(float64(least), 1) {
		return nil
	}
	from, to := max(best-nearWords, 0), min(best+nearWords, len(page.Words)-1)
	start := page.Words[from].Start
	return &near{Page: page.Number, Start: start, End: page.Words[to].End, Word: page.Words[best].Start - start, Box: found}
}

// distance between two boxes, squared; 0 where they touch.
func distance(a, b pagetext.Rect) float32 {
	dx := max(b[0]-a[2], a[0]-b[2], 0)
	dy := max(b[1]-a[3], a[1]-b[3], 0)
	return dx*dx + dy*dy
}

// params is the anchor as a row.
func (a anchor) params(libraryID, markID uuid.UUID) (annotationdb.PutAnchorParams, error) {
	parts, err := json.Marshal(a.Parts)
	if err != nil {
		return annotationdb.PutAnchorParams{}, fmt.Errorf("parts: %w", err)
	}
	if a.Parts == nil {
		parts = []byte("[]")
	}
	p := annotationdb.PutAnchorParams{
		LibraryID: libraryID, AnnotationID: markID, EditionID: a.EditionID, Status: string(a.Status), Score: float32(a.Score),
		Confirmed: a.Confirmed, Exact: a.Exact, Prefix: a.Prefix, Suffix: a.Suffix, Attempt: a.attempt, TextVersion: a.TextVersion, Parts: parts,
		Page: a.order.page, Position: a.order.position, Y: a.order.y, X: a.order.x,
	}
	if a.near != nil {
		if p.Near, err = json.Marshal(a.near); err != nil {
			return p, fmt.Errorf("words near a mark: %w", err)
		}
	}
	return p, nil
}

// hold keeps an edition's text as it is until the transaction ends, and checks
// that it is still the one that a place was made in, and in the same library. It comes before anything
// that points at the document: whoever finishes a parse locks in this order too.
func (s *Service) hold(ctx context.Context, tx *postgres.Tx, libraryID uuid.UUID, a anchor) error {
	e, err := s.q.ShareEdition(ctx, tx, a.EditionID)
	if err != nil {
		return missing(fmt.Errorf("share edition: %w", err), errNoEdition)
	}
	ready := document.State(e.State) == document.Ready
	switch {
	case e.LibraryID != libraryID:
		return errNoEdition // it went to another one
	case a.attempt != 0 && (!ready || e.Attempt != a.attempt):
		return errTextChanged.With("text_version", e.TextVersion)
	case !e.Checked:
		// It may turn out to be a file that the library has, and be removed.
		return errNotReady
	case a.attempt == 0 && ready:
		// It was read between the two, and what Settle found did not have this mark.
		return s.queueSettle(ctx, tx, a.EditionID)
	}
	return nil
}

// holdDocument keeps a document in its library until the transaction ends.
func (s *Service) holdDocument(ctx context.Context, tx *postgres.Tx, libraryID, documentID uuid.UUID) error {
	d, err := s.q.ShareDocument(ctx, tx, documentID)
	switch {
	case err != nil:
		return missing(fmt.Errorf("share document: %w", err), errNoDocument)
	case d.LibraryID != libraryID:
		return errNoDocument
	case d.TrashedAt != nil:
		return errTrashed
	}
	return nil
}

// putAnchor stores a place in an edition that is held.
func (s *Service) putAnchor(ctx context.Context, tx *postgres.Tx, libraryID, markID uuid.UUID, a anchor) error {
	p, err := a.params(libraryID, markID)
	if err != nil {
		return err
	}
	if err := s.q.PutAnchor(ctx, tx, p); err != nil {
		return fmt.Errorf("put anchor: %w", err)
	}
	return nil
}
