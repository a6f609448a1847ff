package extract

import (
	"context"
	"math"
	"os"
	"slices"
	"sync"
)

// The pages of a long document are read by several children. One of them, the
// main child, does all that takes the document as a whole: it lays the pages out,
// in order, and finds title and references. The others help: they ask PDFium
// about pages, which is most of the work, and their glyphs go through the parent
// to the main child. Pages are given out in pieces, and whoever is done asks for
// the next. So a document takes the cores that nobody else waits for.
//
// The same serves a document with a page that hangs, crashes its child or takes
// too much memory. It is read again, and this time others than the main child
// read the pages; where one of them dies, its page is lost and nothing else.
const (
	// spreadPages is how many pages a document has at least to be spread.
	spreadPages = 32
	// pagesPerOrder is small, so that the page that is due is not long in coming
	// and a helper soon sees that another document waits.
	pagesPerOrder = 8
	// aheadPages bounds the glyphs that wait in the parent: some 100 KB a page.
	aheadPages = 128
	// maxLostPages of a document; with more it fails.
	maxLostPages = 32
)

// spread shares out the pages of one document.
type spread struct {
	count    int
	careful  bool // the main child reads none
	helpers  sync.WaitGroup
	mu       sync.Mutex
	changed  chan struct{}  // closed at every change, then made anew
	queue    []pageOrder    // not given out yet, in order
	ready    map[int][]byte // raw pages that the main child has not got
	lost     map[int]*Error
	due      int   // what the main child needs next
	at       int   // what it works on
	helping  int   // helpers at work
	failure  error // ends the document
	finished bool
}

func newSpread(count int, careful bool, lost map[int]*Error) *spread {
	s := &spread{count: count, careful: careful, changed: make(chan struct{}), ready: map[int][]byte{}, lost: lost}
	for from := 0; from < count; from += pagesPerOrder {
		s.queue = append(s.queue, s.without(pageOrder{From: from, To: min(from+pagesPerOrder, count)})...)
	}
	return s
}

// without cuts the pages that are lost out of a piece.
func (s *spread) without(piece pageOrder) []pageOrder {
	var pieces []pageOrder
	for from, index := piece.From, piece.From; index <= piece.To; index++ {
		if _, lost := s.lost[index]; lost || index == piece.To {
			if from < index {
				pieces = append(pieces, pageOrder{From: from, To: index})
			}
			from = index + 1
		}
	}
	return pieces
}

// tell wakes everybody who waits. The caller holds mu.
func (s *spread) tell() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// next answers the main child, which has all pages before due: with a frame to
// send it.
func (s *spread) next(ctx context.Context, exited <-chan struct{}, due int) ([]byte, error) {
	for {
		s.mu.Lock()
		s.due, s.at = due, due
		s.tell()
		changed := s.changed
		frame, err := s.answer(due)
		s.mu.Unlock()
		if frame != nil || err != nil {
			return frame, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-exited:
			return nil, os.ErrProcessDone
		}
	}
}

// answer is nil when there is nothing to say yet.
func (s *spread) answer(due int) ([]byte, error) {
	if s.failure != nil {
		return nil, s.failure
	}
	if payload, ok := s.ready[due]; ok {
		delete(s.ready, due)
		return appendFrame(nil, frameGlyphs, payload)
	}
	if _, ok := s.lost[due]; ok {
		return appendOrder(nil, pageOrder{From: due, To: due + 1, Lost: true})
	}
	if s.careful || len(s.queue) == 0 {
		return nil, nil
	}
	piece := s.queue[0]
	s.queue = s.queue[1:]
	return appendOrder(nil, piece)
}

// take gives a helper its next piece. ok is false when it has to leave: there is
// none, others wait for a child, or the main child is far behind.
func (s *spread) take(yield func() bool) (piece pageOrder, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.finished || s.failure != nil || len(s.queue) == 0 || s.queue[0].From >= s.due+aheadPages || yield() {
		return pageOrder{}, false
	}
	piece = s.queue[0]
	s.queue = s.queue[1:]
	return piece, true
}

// giveBack returns what a helper did not read.
func (s *spread) giveBack(piece pageOrder) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, s.without(piece)...)
	slices.SortFunc(s.queue, func(a, b pageOrder) int { return a.From - b.From })
	s.tell()
}

// deliver takes a raw page from a helper.
func (s *spread) deliver(index int, payload []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready[index] = slices.Clone(payload)
	s.tell()
}

// lose gives a page up.
func (s *spread) lose(index int, cause *Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost[index] = cause
	if tooManyLost(s.lost, s.count) {
		s.failure = cause
	}
	s.tell()
}

func tooManyLost(lost map[int]*Error, count int) bool {
	return len(lost) >= count || len(lost) > maxLostPages
}

// fail ends the document for a reason that is no page's.
func (s *spread) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failure == nil {
		s.failure = err
	}
	s.tell()
}

// finish lets the helpers go.
func (s *spread) finish() {
	s.mu.Lock()
	s.finished = true
	s.tell()
	s.mu.Unlock()
	s.helpers.Wait()
}

// wantsHelp reports whether there is work for one more helper, and counts it.
func (s *spread) wantsHelp(most int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.finished || s.failure != nil || s.helping >= most || len(s.queue) == 0 {
		return false
	}
	// The last pieces are not worth another child that opens the file, and one
	// that has hardly work before it is far ahead neither.
	needed := s.careful && s.helping == 0
	if !needed && (len(s.queue) < 3 || s.queue[0].From >= s.due+aheadPages/2) {
		return false
	}
	s.helping++
	return true
}

func (s *spread) left() {
	s.mu.Lock()
	s.helping--
	s.tell()
	s.mu.Unlock()
}

// findHelp sets children that are free to read pages of a document. In a careful
// reading one child more than Config.Jobs may be at work: the main child does
// little.
func (p *Pool) findHelp(ctx context.Context, file *os.File, asked request, s *spread) {
	asked.Helping = true
	for {
		mandatory := s.careful
		if !s.wantsHelp(max(p.config.Jobs-1, 1)) {
			return
		}
		held := false
		if p.waiting.Load() == 0 {
			select {
			case p.slots <- struct{}{}:
				held = true
			default:
			}
		}
		s.mu.Lock()
		mandatory = mandatory && s.helping == 1
		s.mu.Unlock()
		if !held && !mandatory {
			s.left()
			return
		}
		s.helpers.Go(func() {
			defer s.left()
			if held {
				defer func() { <-p.slots }()
			}
			p.help(ctx, file, asked, s, func() bool { return !mandatory && p.waiting.Load() > 0 })
		})
	}
}

// help reads pages with one child after another until there are none.
func (p *Pool) help(ctx context.Context, file *os.File, asked request, s *spread, yield func() bool) {
	for {
		piece, ok := s.take(yield)
		if !ok {
			return
		}
		c, fresh, err := p.take(ctx)
		if err == nil {
			if err = sendRequest(c.conn, asked, file); err != nil {
				c.kill()
				<-c.exited
				if !fresh {
					s.giveBack(piece)
					continue
				}
			}
		}
		if err != nil {
			s.giveBack(piece)
			s.helperFailed(err)
			return
		}
		h := helper{spread: s, child: c, yield: yield, piece: piece}
		h.watch = newWatch(c, p.config)
		h.watch.deadline.Store(math.MaxInt64) // the document's is its main child's
		answered, err := p.converse(ctx, c, h.watch, &h.ended, h.frames)
		if err == nil {
			continue // it was told that there is nothing more
		}
		failure, typed := AsError(err)
		switch {
		case typed && failure.Kind == KindCrashed && !answered && !fresh:
			s.giveBack(h.piece) // it died while idle
		case typed && h.piece.From < h.piece.To:
			s.lose(h.piece.From, failure)
			s.giveBack(pageOrder{From: h.piece.From + 1, To: h.piece.To})
		default:
			s.giveBack(h.piece)
			s.helperFailed(err)
			return
		}
	}
}

// helperFailed tells a careful reading, which has nobody else, that it is over.
func (s *spread) helperFailed(err error) {
	if s.careful {
		s.fail(err)
	}
}

// helper follows what a helping child sends.
type helper struct {
	spread *spread
	child  *child
	yield  func() bool
	watch  *watch
	piece  pageOrder // what it still has to read
	begun  bool
	ended  bool
}

func (h *helper) frames() error {
	var buffer []byte
	for !h.ended {
		kind, payload, err := readFrame(h.child.reader, buffer)
		if err != nil {
			return err
		}
		h.watch.progress.Add(1)
		buffer = payload
		if err := h.frame(kind, payload); err != nil {
			return err
		}
	}
	return nil
}

func (h *helper) frame(kind frameKind, payload []byte) error {
	switch kind {
	case frameInfo:
		return nil
	case frameWant:
		if h.begun {
			if h.piece.From < h.piece.To {
				return errBadPage // it left some out
			}
			piece, ok := h.spread.take(h.yield)
			if !ok {
				piece = pageOrder{End: true}
			}
			h.piece = piece
		}
		h.begun = true
		frame, err := appendOrder(nil, h.piece)
		if err != nil {
			return err
		}
		_, err = h.child.conn.Write(frame)
		return err
	case frameGlyphs:
		if index := rawIndex(payload); index != h.piece.From || index >= h.piece.To {
			return errBadPage
		}
		h.spread.deliver(h.piece.From, payload)
		h.piece.From++
		return nil
	case frameDone:
		h.ended = true
		return nil
	case frameFailure:
		h.ended = true
		return decodeFailure(payload)
	default:
		return unexpectedFrame(kind)
	}
}
