package extract

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
)

// pageSender reads the pages of a document, lays them out and sends them in
// order.
type pageSender struct {
	child   *childProcess
	doc     *document
	count   int
	reading *reading // nil where text alone is asked for

	sent      int // pages
	failed    []FailedPage
	lostFirst bool // page 1 cannot be read
	encoded   []byte
}

// sendAll reads every page here.
func (s *pageSender) sendAll() error {
	for index := range s.count {
		raw, err := s.child.rawPage(s.doc, index, s.marks())
		if err != nil {
			return err
		}
		sent := s.sent
		if err := s.finish(raw, KindDamaged); err != nil {
			return err
		}
		if s.sent == sent {
			if err := s.child.send(frameAt, appendCount(nil, index+1)); err != nil {
				return err
			}
		}
	}
	return s.end()
}

// sendShared reads the pages that the parent orders to be read, and takes those
// that other children read.
func (s *pageSender) sendShared() error {
	c := s.child
	ahead := map[int]rawPage{} // read here before it was their turn
	for due := 0; due < s.count; {
		if raw, ok := ahead[due]; ok {
			delete(ahead, due)
			if err := s.take(raw, KindDamaged); err != nil {
				return err
			}
			due++
			continue
		}
		kind, payload, err := c.ask(due)
		if err != nil {
			return err
		}
		if kind == frameGlyphs {
			raw, err := decodeRawPage(payload, c.glyphs)
			if err != nil || raw.index != due {
				return errors.Join(errBadPage, err)
			}
			c.glyphs = raw.glyphs
			if err := s.take(raw, KindDamaged); err != nil {
				return err
			}
			due++
			continue
		}
		given, err := decodeOrder(kind, payload)
		if err != nil {
			return err
		}
		if given.Lost {
			if err := s.take(rawPage{index: due, unreadable: true}, ""); err != nil {
				return err
			}
			due++
			continue
		}
		for index := max(given.From, due); index < min(given.To, s.count); index++ {
			if err := c.send(frameAt, appendCount(nil, index)); err != nil {
				return err
			}
			if index == due {
				raw, err := c.rawPage(s.doc, index, s.marks())
				if err != nil {
					return err
				}
				if err := s.finish(raw, KindDamaged); err != nil {
					return err
				}
				due++
				continue
			}
			raw, err := c.rawPage(s.doc, index, marksFor(s.reading != nil))
			if err != nil {
				return err
			}
			raw.glyphs = slices.Clone(raw.glyphs) // the room is the next page's
			ahead[index] = raw
		}
	}
	return s.end()
}

// marks are where those of a page that is read in its turn go.
func (s *pageSender) marks() *annotations {
	if s.reading == nil {
		return nil
	}
	return s.reading.annotations
}

// marksFor is room for those of a page that is read out of turn, or by another
// child; nil where they are not wanted.
func marksFor(wanted bool) *annotations {
	if !wanted {
		return nil
	}
	return newAnnotations()
}

// take finishes a page whose marks were read apart from those of other pages.
func (s *pageSender) take(raw rawPage, kind Kind) error {
	if s.reading != nil {
		s.reading.annotations.take(raw.index, raw.marks, raw.entry)
	}
	return s.finish(raw, kind)
}

// finish lays a page out and sends the one that is ready now. kind is why it is
// unreadable, empty when the parent knows.
func (s *pageSender) finish(raw rawPage, kind Kind) error {
	c := s.child
	var content pageContent
	if raw.unreadable {
		// One lost page is no reason to withhold the others.
		s.lostFirst = s.lostFirst || raw.index == 0
		if kind != "" {
			s.failed = append(s.failed, FailedPage{Page: raw.index + 1, Kind: kind})
		}
	} else {
		content = layOut(raw.glyphs, raw.rotation, raw.box)
		content.page.Box = raw.box
		content.page.Rotation = raw.rotation
		content.links = raw.links
	}
	content.page.Number = raw.index + 1
	content.page.Label = s.doc.label(raw.index)
	if c.guest.err != nil {
		return c.guest.err
	}
	if s.reading == nil {
		return s.send(&content)
	}
	return s.send(s.reading.add(content))
}

func (s *pageSender) send(content *pageContent) error {
	if content == nil {
		return nil
	}
	s.sent++
	s.encoded = appendPage(s.encoded[:0], content.page)
	return s.child.send(framePage, s.encoded)
}

// end sends the pages that waited for others.
func (s *pageSender) end() error {
	if s.reading != nil {
		for content := s.reading.next(); content != nil; content = s.reading.next() {
			if err := s.send(content); err != nil {
				return err
			}
		}
	}
	if len(s.failed) == s.count {
		return fail(KindDamaged, "The file is damaged: none of its pages can be read.")
	}
	return nil
}

// rawPage asks PDFium about a page. Its glyphs are good until the next page. Without
// marks it has the text alone.
func (c *childProcess) rawPage(doc *document, index int, marks *annotations) (rawPage, error) {
	raw := rawPage{index: index}
	p, err := doc.page(index)
	if errors.Is(err, errNoPage) {
		raw.unreadable = true
		return raw, nil
	}
	if err != nil {
		return raw, err
	}
	defer p.close()
	p.withFields(index, func(p *page) { c.glyphs = p.glyphs(c.glyphs) })
	raw.glyphs = c.glyphs
	raw.box, raw.rotation = p.box(), p.rotation()
	if marks == nil {
		return raw, c.guest.err
	}
	links, entries := p.links()
	raw.links = links
	if c.guest.err != nil {
		return raw, c.guest.err
	}
	first := len(marks.marks)
	marks.add(p, index, raw.box, raw.rotation, entries)
	raw.marks, raw.entry = marks.marks[first:], marks.entry[first:]
	return raw, nil
}

// help reads pages for another child.
func (c *childProcess) help(asked request, file *os.File) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	doc, count, err := c.open(asked, file)
	if err != nil {
		return err
	}
	defer doc.close()
	var encoded []byte
	for {
		kind, payload, err := c.ask(0)
		if err != nil {
			return err
		}
		given, err := decodeOrder(kind, payload)
		if err != nil {
			return err
		}
		if given.End {
			return nil
		}
		for index := given.From; index < min(given.To, count); index++ {
			raw, err := c.rawPage(doc, index, marksFor(!asked.TextOnly))
			if err != nil {
				return err
			}
			if encoded, err = appendRawPage(encoded[:0], raw); err != nil {
				return err
			}
			if err := c.send(frameGlyphs, encoded); err != nil {
				return err
			}
		}
	}
}

// ask tells the parent which page is due, and waits for its answer.
func (c *childProcess) ask(due int) (frameKind, []byte, error) {
	if err := c.send(frameWant, appendCount(nil, due)); err != nil {
		return 0, nil, err
	}
	// Unbuffered: the next request comes with a file.
	var header [frameHeader]byte
	if _, err := io.ReadFull(c.conn, header[:]); err != nil {
		return 0, nil, &lostParentError{cause: err}
	}
	kind, payload, err := readPayload(c.conn, header, c.answer)
	if err != nil {
		return 0, nil, &lostParentError{cause: err}
	}
	c.answer = payload
	return kind, payload, nil
}

func decodeOrder(kind frameKind, payload []byte) (given pageOrder, err error) {
	if kind != frameOrder {
		return given, fmt.Errorf("expected an order, not frame %d", kind)
	}
	if err := json.Unmarshal(payload, &given); err != nil {
		return given, err
	}
	if given.From < 0 {
		return given, errBadPage
	}
	return given, nil
}
