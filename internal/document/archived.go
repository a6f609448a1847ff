package document

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document/internal/documentdb"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Archived is a work that comes out of an archive, with all that was known of it.
type Archived struct {
	ID     uuid.UUID // the new document's
	Claims []ArchivedClaim
	// Files are its editions, the oldest first. Of each the document is this one.
	Files []NewUpload
	// Kinds are what they are of the work, one for one; one that is not known is none.
	Kinds []EditionKind
	// Shown is the place in Files of the one that the document shows.
	Shown int
}

// ArchivedClaim is a claim as an archive has it.
type ArchivedClaim struct {
	csl.Claim
	// Mine says that who brings it in made it.
	Mine bool
	At   time.Time // zero: now
}

// AddArchived makes documents with their claims and their files, which are
// queued. The caller has asked for permission, and queues the jobs.
func (s *Service) AddArchived(ctx context.Context, tx *postgres.Tx, libraryID, personID uuid.UUID, works []Archived) error {
	person := uuid.NullUUID{UUID: personID, Valid: true}
	p := documentdb.InsertRecordsParams{LibraryID: libraryID, CreatedBy: person, At: s.clock.Now()}
	var c documentdb.InsertArchivedClaimsParams
	var described []uuid.UUID
	for _, w := range works {
		type place struct {
			field  string
			source csl.Source
		}
		said, claims := map[place]ArchivedClaim{}, make([]csl.Claim, len(w.Claims))
		for i, claim := range w.Claims {
			claims[i] = claim.Claim
			if _, twice := said[place{claim.Field, claim.Source}]; !twice {
				said[place{claim.Field, claim.Source}] = claim
			}
		}
		claims = strongest(claims)
		d := derive(w.ID, claims)
		item, err := json.Marshal(d.item)
		if err != nil {
			return fmt.Errorf("derive metadata: %w", err)
		}
		p.Ids, p.Titles, p.Csls, p.Listings = append(p.Ids, w.ID), append(p.Titles, d.title), append(p.Csls, string(item)), append(p.Listings, d.listing)
		year := int32(0)
		if d.year != nil {
			year = *d.year
		}
		p.Years = append(p.Years, year)
		if slices.ContainsFunc(claims, func(c csl.Claim) bool {
			return c.Source == csl.SourcePage || c.Source == csl.SourceXMP || c.Source == csl.SourceInfo
		}) {
			described = append(described, w.ID)
		}
		for _, claim := range claims {
			was := said[place{claim.Field, claim.Source}]
			by, at := uuid.Nil, was.At
			if was.Mine {
				by = personID
			}
			if at.IsZero() {
				at = p.At
			}
			c.DocumentIds, c.Fields, c.Sources = append(c.DocumentIds, w.ID), append(c.Fields, claim.Field), append(c.Sources, string(claim.Source))
			c.Vals, c.Confidences = append(c.Vals, string(claim.Value)), append(c.Confidences, float32(claim.Confidence))
			c.PersonIds, c.Ats = append(c.PersonIds, by), append(c.Ats, at)
		}
		s.record(tx, libraryID, w.ID, library.OpAdded, person)
	}
	if err := s.q.InsertRecords(ctx, tx, p); err != nil {
		return fmt.Errorf("insert works: %w", err)
	}
	if err := s.q.InsertArchivedClaims(ctx, tx, c); err != nil {
		return fmt.Errorf("insert claims: %w", err)
	}
	for _, w := range works {
		for i, u := range w.Files {
			if err := s.q.InsertEdition(ctx, tx, documentdb.InsertEditionParams{
				ID: u.EditionID, LibraryID: libraryID, DocumentID: w.ID, BlobKey: u.BlobKey, Filename: storable(u.Filename),
				Size: u.Size, ClaimedSha256: u.ClaimedSHA256, CreatedBy: person, CreatedAt: p.At,
			}); err != nil {
				return fmt.Errorf("insert edition: %w", err)
			}
			if kind := string(w.Kinds[i]); kind != "" && slices.Contains(editionKinds, w.Kinds[i]) {
				if err := s.q.DescribeEdition(ctx, tx, kind, u.EditionID); err != nil {
					return fmt.Errorf("set kind of edition: %w", err)
				}
			}
		}
		if w.Shown >= 0 && len(w.Files) > 1 {
			if err := s.q.PreferEdition(ctx, tx, w.Files[w.Shown].EditionID); err != nil {
				return fmt.Errorf("prefer edition: %w", err)
			}
		}
	}
	if err := s.q.SetDescribed(ctx, tx, described); err != nil {
		return fmt.Errorf("note what is said of files: %w", err)
	}
	return nil
}

// Distinguish says of each of these pairs that it is not one work, as an archive
// does. The caller has asked for permission.
func (s *Service) Distinguish(ctx context.Context, tx *postgres.Tx, pairs [][2]uuid.UUID) error {
	for _, pair := range pairs {
		if err := s.q.PutDistinctions(ctx, tx, pair[:]); err != nil {
			return fmt.Errorf("keep apart: %w", err)
		}
	}
	return nil
}
