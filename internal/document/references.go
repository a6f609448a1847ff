package document

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document/internal/documentdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Reference is a work that an edition's list of references names.
type Reference struct {
	// Item is what could be told apart of it; it may be empty.
	Item csl.Item
	// Raw is the entry as printed, in one line.
	Raw string
	// Page is the page that the entry begins on, from 1.
	Page int
	// Boxes are its lines on Page, in PDF points.
	Boxes []pagetext.Rect
	// Cited are the places in the text that cite it, in the text's order.
	// Finish takes them from Result.Citations.
	Cited []TextRange
	// DocumentID is the document of the same library that has its DOI, or its
	// title and about its year; empty for none. It is looked up when it is asked for.
	DocumentID uuid.NullUUID
}

// Citation is a place in the text that cites works of the list.
type Citation struct {
	TextRange
	// References are their places in the list, from 0.
	References []int
}

// TextRange is a part of a page's text, half open.
type TextRange struct {
	Page       int // from 1
	Start, End int // code points in the page's text
}

// References is an edition's list.
type References struct {
	// TextVersion names what made the text that the ranges count in.
	TextVersion string
	Items       []Reference
}

// Bounds of what one file may name. The longest honest list, of a handbook, has
// some thousands.
const (
	maxReferences     = 20_000
	maxCitations      = 100_000
	maxReferenceRaw   = 10_000 // code points
	maxReferenceBoxes = 200
	maxReferenceItem  = 64 << 10 // bytes of JSON
)

// Titles are compared by title_key, letters and digits alone. A short one is
// shared by many works, and one whose year is not known must be longer.
const (
	ShortestTitle = 15
	SureTitle     = 30
)

// References gives what a ready edition's list of references holds.
func (s *Service) References(ctx context.Context, p identity.Person, editionID uuid.UUID) (References, error) {
	e, err := s.editionRow(ctx, p, library.ReadDocument, editionID)
	if err != nil {
		return References{}, err
	}
	if State(e.State) != Ready {
		return References{}, errNotReady
	}
	rows, err := s.q.References(ctx, s.pool, ShortestTitle, SureTitle, editionID)
	if err != nil {
		return References{}, postgres.Fault(fmt.Errorf("references: %w", err))
	}
	list := References{TextVersion: deref(e.TextVersion), Items: make([]Reference, len(rows))}
	for i, r := range rows {
		list.Items[i] = Reference{
			Raw: r.Raw, Page: int(r.Page), Boxes: rects(r.Boxes),
			// Which of the works the library has is not a guest's to know.
			DocumentID: uuid.NullUUID{UUID: r.DocumentID, Valid: r.DocumentID != uuid.Nil && !p.IsGuest()},
		}
		if err := json.Unmarshal(r.Csl, &list.Items[i].Item); err != nil {
			return References{}, fmt.Errorf("reference %d: %w", i, err)
		}
	}
	citations, err := s.q.Citations(ctx, s.pool, editionID)
	if err != nil {
		return References{}, postgres.Fault(fmt.Errorf("citations: %w", err))
	}
	for _, c := range citations {
		for _, at := range c.Positions {
			// Read one after the other, the two may be of different attempts.
			if int(at) < len(list.Items) {
				cited := TextRange{Page: int(c.Page), Start: int(c.TextStart), End: int(c.TextEnd)}
				list.Items[at].Cited = append(list.Items[at].Cited, cited)
			}
		}
	}
	return list, nil
}

// insertReferences stores a parse's list in place of the former.
func (s *Service) insertReferences(ctx context.Context, tx *postgres.Tx, editionID uuid.UUID, r Result) error {
	if err := s.q.DeleteCitations(ctx, tx, editionID); err != nil {
		return fmt.Errorf("delete old citations: %w", err)
	}
	if err := s.q.DeleteReferences(ctx, tx, editionID); err != nil {
		return fmt.Errorf("delete old references: %w", err)
	}
	kept := r.References[:min(len(r.References), maxReferences)]
	if len(kept) > 0 {
		batch, err := storableReferences(editionID, kept, r.PageCount)
		if err != nil {
			return err
		}
		if err := s.q.InsertReferences(ctx, tx, batch); err != nil {
			return fmt.Errorf("insert references: %w", err)
		}
	}
	batch, err := storableCitations(editionID, r.Citations, len(kept), r.PageCount)
	if err != nil || len(batch.Pages) == 0 {
		return err
	}
	if err := s.q.InsertCitations(ctx, tx, batch); err != nil {
		return fmt.Errorf("insert citations: %w", err)
	}
	return nil
}

// storableReferences keeps each entry in its place, since citations count them;
// of one that cannot be stored whole, less is kept.
func storableReferences(editionID uuid.UUID, list []Reference, pageCount int) (documentdb.InsertReferencesParams, error) {
	batch := documentdb.InsertReferencesParams{EditionID: editionID}
	for i, r := range list {
		item, err := json.Marshal(r.Item)
		if err != nil {
			return batch, fmt.Errorf("reference %d: %w", i, err)
		}
		if len(item) > maxReferenceItem || bytes.Contains(item, []byte(`\u0000`)) {
			item = []byte("{}")
		}
		boxes := []float32{}
		for _, box := range r.Boxes[:min(len(r.Boxes), maxReferenceBoxes)] {
			boxes = append(boxes, box[:]...)
		}
		encoded, err := json.Marshal(boxes)
		if err != nil { // NaN or infinity, which is no place
			encoded = []byte("[]")
		}
		batch.Raws = append(batch.Raws, cutRunes(storable(r.Raw), maxReferenceRaw))
		batch.Csls = append(batch.Csls, string(item))
		batch.Pages = append(batch.Pages, int32(min(max(r.Page, 1), max(pageCount, 1))))
		batch.Boxes = append(batch.Boxes, string(encoded))
	}
	return batch, nil
}

// storableCitations drops those that point at no page or no entry.
func storableCitations(editionID uuid.UUID, citations []Citation, references, pageCount int) (documentdb.InsertCitationsParams, error) {
	batch := documentdb.InsertCitationsParams{EditionID: editionID}
	for _, c := range citations[:min(len(citations), maxCitations)] {
		if c.Page < 1 || c.Page > pageCount || c.Start < 0 || c.End <= c.Start || c.End > 1<<30 {
			continue
		}
		positions := []int{}
		for _, at := range c.References {
			if at >= 0 && at < references {
				positions = append(positions, at)
			}
		}
		if len(positions) == 0 {
			continue
		}
		encoded, err := json.Marshal(positions)
		if err != nil {
			return batch, fmt.Errorf("citation: %w", err)
		}
		batch.Pages = append(batch.Pages, int32(c.Page))
		batch.Starts = append(batch.Starts, int32(c.Start))
		batch.Ends = append(batch.Ends, int32(c.End))
		batch.Positions = append(batch.Positions, string(encoded))
	}
	return batch, nil
}

func rects(numbers []float32) []pagetext.Rect {
	list := make([]pagetext.Rect, 0, len(numbers)/4)
	for i := 0; i+4 <= len(numbers); i += 4 {
		list = append(list, rect(numbers[i:i+4]))
	}
	return list
}
