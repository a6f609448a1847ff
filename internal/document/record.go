package document

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document/internal/documentdb"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// importConfidence of what a bibliography says: people or publishers wrote it, so
// it outweighs what is read from a page, and not what a person says here.
const importConfidence = 0.97

// Record is a work that comes without a file.
type Record struct {
	ID   uuid.UUID // the new document's
	Item csl.Item
}

// AddRecords makes documents without files. The caller has asked for permission.
func (s *Service) AddRecords(ctx context.Context, tx *postgres.Tx, libraryID, personID uuid.UUID, records []Record) error {
	p := documentdb.InsertRecordsParams{LibraryID: libraryID, CreatedBy: uuid.NullUUID{UUID: personID, Valid: true}, At: s.clock.Now()}
	c := documentdb.InsertClaimsParams{At: p.At}
	for _, r := range records {
		claims, err := recordClaims(r.Item)
		if err != nil {
			return err
		}
		d := derive(r.ID, claims)
		item, err := json.Marshal(d.item)
		if err != nil {
			return fmt.Errorf("derive metadata: %w", err)
		}
		p.Ids, p.Titles, p.Csls, p.Listings = append(p.Ids, r.ID), append(p.Titles, d.title), append(p.Csls, string(item)), append(p.Listings, d.listing)
		year := int32(0)
		if d.year != nil {
			year = *d.year
		}
		p.Years = append(p.Years, year)
		for _, claim := range claims {
			c.DocumentIds, c.Fields, c.Sources = append(c.DocumentIds, r.ID), append(c.Fields, claim.Field), append(c.Sources, string(claim.Source))
			c.Vals, c.Confidences = append(c.Vals, string(claim.Value)), append(c.Confidences, float32(claim.Confidence))
		}
		s.record(tx, libraryID, r.ID, library.OpAdded, uuid.NullUUID{UUID: personID, Valid: true})
	}
	if err := s.q.InsertRecords(ctx, tx, p); err != nil {
		return fmt.Errorf("insert records: %w", err)
	}
	if err := s.q.InsertClaims(ctx, tx, c); err != nil {
		return fmt.Errorf("insert claims: %w", err)
	}
	return nil
}

// recordClaims are an item's variables as an import's claims.
func recordClaims(item csl.Item) ([]csl.Claim, error) {
	item.ID = ""
	encoded, err := json.Marshal(item)
	if err != nil {
		return nil, fmt.Errorf("item: %w", err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(encoded, &fields); err != nil {
		return nil, fmt.Errorf("item: %w", err)
	}
	delete(fields, "id")
	claims := make([]csl.Claim, 0, len(fields))
	for field, value := range fields {
		claims = append(claims, csl.Claim{Field: field, Source: csl.SourceImport, Value: value, Confidence: importConfidence})
	}
	return strongest(claims), nil
}

// TrashAll moves documents of a library to the trash and gives those that were
// not there. The caller has asked for permission.
func (s *Service) TrashAll(ctx context.Context, tx *postgres.Tx, personID, libraryID uuid.UUID, ids []uuid.UUID) ([]uuid.UUID, error) {
	moved, err := s.q.TrashDocuments(ctx, tx, s.clock.Now(), libraryID, ids)
	if err != nil {
		return nil, fmt.Errorf("trash documents: %w", err)
	}
	for _, id := range moved {
		s.record(tx, libraryID, id, library.OpTrashed, uuid.NullUUID{UUID: personID, Valid: true})
	}
	return moved, nil
}

// Matcher finds the document of a library that is the same work as another item:
// by its DOI, else by an equal title with authors and years that agree.
type Matcher struct {
	byDOI   map[string]uuid.UUID
	byTitle map[string][]work
}

// NewMatcher makes a Matcher of the documents that a library has now, outside the
// trash, but for those excepted. The caller has asked for permission.
func (s *Service) NewMatcher(ctx context.Context, db postgres.DBTX, libraryID uuid.UUID, except ...uuid.UUID) (*Matcher, error) {
	works, err := s.works(ctx, db, libraryID)
	if err != nil {
		return nil, err
	}
	m := &Matcher{byDOI: map[string]uuid.UUID{}, byTitle: map[string][]work{}}
	left := make(map[uuid.UUID]bool, len(except))
	for _, id := range except {
		left[id] = true
	}
	for _, w := range works {
		if !left[w.id] {
			m.add(w)
		}
	}
	return m, nil
}

// Find gives the document that is the same work.
func (m *Matcher) Find(item csl.Item) (uuid.UUID, bool) {
	w := workOf(uuid.Nil, item)
	if id, ok := m.byDOI[w.doi]; ok && w.doi != "" {
		return id, true
	}
	if len(w.title) < minTitle {
		return uuid.Nil, false
	}
	for _, known := range m.byTitle[w.title] {
		// Two DOIs are two works, as a paper and its erratum of the same title.
		if (w.doi == "" || known.doi == "") && w.mayBe(known) {
			return known.id, true
		}
	}
	return uuid.Nil, false
}

// Add makes an item known to Find.
func (m *Matcher) Add(id uuid.UUID, item csl.Item) { m.add(workOf(id, item)) }

func (m *Matcher) add(w work) {
	if w.doi != "" {
		m.byDOI[w.doi] = w.id
	}
	if len(w.title) >= minTitle {
		m.byTitle[w.title] = append(m.byTitle[w.title], w)
	}
}

func workOf(id uuid.UUID, item csl.Item) work {
	var year *int32
	if y := int32(item.Year()); y != 0 {
		year = &y
	}
	return newWork(id, item.Title, year, item.DOI, item.Author[:min(len(item.Author), 10)])
}
