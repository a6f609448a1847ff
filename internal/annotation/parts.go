package annotation

import (
	"encoding/json"
	"strconv"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// decodeParts reads parts as they are stored. They are half of what a list of
// marks reads, so the form in which encoding/json writes them is read by hand,
// six times as fast; anything else goes through encoding/json.
func decodeParts(text []byte) ([]Part, error) {
	s := scanner{text}
	if parts, ok := s.parts(); ok && len(s.rest) == 0 {
		return parts, nil
	}
	var parts []Part
	err := json.Unmarshal(text, &parts)
	return parts, err
}

// scanner reads JSON without white space and escapes.
type scanner struct{ rest []byte }

func (s *scanner) take(token string) bool {
	if len(s.rest) < len(token) || string(s.rest[:len(token)]) != token {
		return false
	}
	s.rest = s.rest[len(token):]
	return true
}

// list reads a list whose elements each reads.
func (s *scanner) list(each func() bool) bool {
	if !s.take("[") {
		return false
	}
	if s.take("]") {
		return true
	}
	for each() {
		if s.take("]") {
			return true
		}
		if !s.take(",") {
			return false
		}
	}
	return false
}

func (s *scanner) number() (string, bool) {
	n := 0
	for n < len(s.rest) {
		c := s.rest[n]
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			break
		}
		n++
	}
	text := string(s.rest[:n])
	s.rest = s.rest[n:]
	return text, n > 0
}

func (s *scanner) whole(n *int) bool {
	text, ok := s.number()
	if !ok {
		return false
	}
	v, err := strconv.Atoi(text)
	*n = v
	return err == nil
}

func (s *scanner) float(f *float32) bool {
	text, ok := s.number()
	if !ok {
		return false
	}
	v, err := strconv.ParseFloat(text, 32)
	*f = float32(v)
	return err == nil
}

// floats reads a list of exactly as many numbers as there are places.
func (s *scanner) floats(places []float32) bool {
	n := 0
	ok := s.list(func() bool {
		if n == len(places) {
			return false
		}
		n++
		return s.float(&places[n-1])
	})
	return ok && n == len(places)
}

func (s *scanner) parts() ([]Part, bool) {
	parts := []Part{}
	ok := s.list(func() bool {
		parts = append(parts, Part{})
		return s.part(&parts[len(parts)-1])
	})
	return parts, ok
}

// part reads the members in the order of the type's.
func (s *scanner) part(p *Part) bool {
	if !s.take(`{"page":`) || !s.whole(&p.Page) {
		return false
	}
	if s.take(`,"start":`) {
		if p.Start = new(int); !s.whole(p.Start) {
			return false
		}
	}
	if s.take(`,"end":`) {
		if p.End = new(int); !s.whole(p.End) {
			return false
		}
	}
	if s.take(`,"quads":`) && !s.list(func() bool {
		var q [8]float32
		ok := s.floats(q[:])
		p.Quads = append(p.Quads, q)
		return ok
	}) {
		return false
	}
	if s.take(`,"rect":`) {
		if p.Rect = new(pagetext.Rect); !s.floats(p.Rect[:]) {
			return false
		}
	}
	if s.take(`,"paths":`) && !s.list(func() bool {
		path := []float32{}
		ok := s.list(func() bool {
			path = append(path, 0)
			return s.float(&path[len(path)-1])
		})
		p.Paths = append(p.Paths, path)
		return ok
	}) {
		return false
	}
	return s.take("}")
}
