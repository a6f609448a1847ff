package reader

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strings"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/realtime"
)

// TopicKind begins the topics of this feature, document:<id>. On it go Here, and
// {"type":"left","socket":"…"} for a socket that is gone.
const TopicKind = "document"

// Topic is where news goes of who is reading a document.
func Topic(documentID uuid.UUID) string { return TopicKind + ":" + documentID.String() }

// Here tells where in a document somebody is. It says places only, and never
// what stands there.
type Here struct {
	Type   string     `json:"type" enum:"here"`
	Socket string     `json:"socket" doc:"One open window; a person may have several"`
	Person HerePerson `json:"person"`
	// EditionID is whose pages are meant; nil when the client did not say.
	EditionID *uuid.UUID     `json:"edition_id" doc:"Whose pages are meant; null when the client did not say"`
	Page      int            `json:"page" doc:"From 1"`
	X         float64        `json:"x" doc:"PDF points, default user space"`
	Y         float64        `json:"y"`
	Selection *HereSelection `json:"selection" doc:"What is selected; null for nothing"`
}

// HerePerson is who is there.
type HerePerson struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// HereSelection is where the selected text stands.
type HereSelection struct {
	Page  int         `json:"page"`
	Quads [][]float64 `json:"quads" doc:"Eight numbers each: top left, top right, bottom left, bottom right. A long selection is cut to its first"`
}

const (
	maxPage      = 1_000_000
	maxHereQuads = 200
	// maxCoordinate is far beyond the largest page, in PDF points.
	maxCoordinate = 1e6
)

var (
	errNoTopic  = fault.New(fault.NotFound, "topic_not_found", "There is no such topic.")
	errBadPlace = fault.New(fault.Invalid, "bad_place", "This is no place in a document: page from 1, x and y in PDF points, and at most 200 quads of eight numbers.")
)

// AuthorizeTopic decides whether p may listen to a topic of this feature.
func (s *Service) AuthorizeTopic(ctx context.Context, p identity.Person, topic string) error {
	id, err := uuid.Parse(strings.TrimPrefix(topic, TopicKind+":"))
	if err != nil || topic != Topic(id) {
		return errNoTopic
	}
	_, err = s.documents.LibraryFor(ctx, p, library.SeeReaders, id)
	return err
}

// Methods are what clients may ask for over their socket: "presence", which says
// where they are in a document whose topic they are subscribed to, or with gone
// that they are there no more.
func (s *Service) Methods() map[string]realtime.Method {
	return map[string]realtime.Method{"presence": presence}
}

// presenceRequest is what a client says of itself.
type presenceRequest struct {
	DocumentID uuid.UUID      `json:"document_id"`
	EditionID  *uuid.UUID     `json:"edition_id"`
	Page       int            `json:"page"`
	X          float64        `json:"x"`
	Y          float64        `json:"y"`
	Selection  *HereSelection `json:"selection"`
	Gone       bool           `json:"gone"`
}

// presence asks nobody: who is subscribed to a document's topic was found to be
// one of its readers, and is asked about again while the subscription lasts.
func presence(ctx context.Context, socket *realtime.Socket, data json.RawMessage) error {
	p, err := identity.CallerFromContext(ctx)
	if err != nil {
		return err
	}
	var in presenceRequest
	if err := json.Unmarshal(data, &in); err != nil || bytes.Equal(data, []byte("null")) {
		return errBadPlace
	}
	topic := Topic(in.DocumentID)
	if in.Gone {
		socket.Gone(topic)
		return nil
	}
	here := Here{
		Type: "here", Socket: socket.ID(), Person: HerePerson{ID: p.ID, Name: p.Name},
		EditionID: in.EditionID, Page: in.Page, X: in.X, Y: in.Y, Selection: in.Selection,
	}
	if err := here.clean(); err != nil {
		return err
	}
	return socket.Here(topic, here)
}

// clean checks a place, rounds its numbers to hundredths of a point, and leaves
// out the last quads of a selection that is too long to be sent.
func (h *Here) clean() error {
	if !validPage(h.Page) || !validPoint(h.X, h.Y) {
		return errBadPlace
	}
	h.X, h.Y = round(h.X), round(h.Y)
	if h.Selection == nil {
		return nil
	}
	if !validPage(h.Selection.Page) || len(h.Selection.Quads) > maxHereQuads {
		return errBadPlace
	}
	quads := h.Selection.Quads
	h.Selection.Quads = [][]float64{}
	left := realtime.MaxPayload - size(h)
	for _, quad := range quads {
		if len(quad) != 8 {
			return errBadPlace
		}
		for i, v := range quad {
			if !validPoint(v, v) {
				return errBadPlace
			}
			quad[i] = round(v)
		}
		// All are checked, also those that find no room.
		if left -= size(quad) + len(","); left >= 0 {
			h.Selection.Quads = append(h.Selection.Quads, quad)
		}
	}
	return nil
}

// size is how many bytes v takes as JSON. It holds strings and finite numbers
// only, so marshalling cannot fail.
func size(v any) int {
	b, _ := json.Marshal(v)
	return len(b)
}

func validPage(page int) bool { return page >= 1 && page <= maxPage }

// validPoint is false for NaN too.
func validPoint(x, y float64) bool {
	return math.Abs(x) <= maxCoordinate && math.Abs(y) <= maxCoordinate
}

// round gives hundredths; adding 0 makes a negative zero a plain one.
func round(v float64) float64 { return math.Round(v*100)/100 + 0 }
