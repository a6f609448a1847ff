package annotation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Settings gives what a library decides about its marks.
func (s *Service) Settings(ctx context.Context, p identity.Person, libraryID uuid.UUID) (Settings, error) {
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, library.ReadLibrary, libraryID); err != nil {
		return Settings{}, err
	}
	settings := Settings{Names: map[Meaning]string{}}
	row, err := s.q.Settings(ctx, s.Pool, libraryID)
	if errors.Is(err, pgx.ErrNoRows) {
		return settings, nil
	}
	if err != nil {
		return Settings{}, postgres.Fault(fmt.Errorf("settings: %w", err))
	}
	settings.DefaultPrivate = row.DefaultPrivate
	if err := json.Unmarshal(row.Meanings, &settings.Names); err != nil {
		return Settings{}, fmt.Errorf("names of meanings: %w", err)
	}
	return settings, nil
}

// SetSettings decides about a library's marks.
func (s *Service) SetSettings(ctx context.Context, p identity.Person, libraryID uuid.UUID, settings Settings) (Settings, error) {
	names := map[Meaning]string{}
	for meaning, name := range settings.Names {
		name = strings.Join(strings.Fields(name), " ")
		if !slices.Contains(Meanings, meaning) || name == "" || utf8.RuneCountInString(name) > maxName ||
			!utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
			return Settings{}, errBadName.With("meaning", string(meaning))
		}
		names[meaning] = name
	}
	encoded, err := json.Marshal(names)
	if err != nil {
		return Settings{}, fmt.Errorf("names of meanings: %w", err)
	}
	err = postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.Libraries.Authorize(ctx, tx, p, library.NameMeanings, libraryID); err != nil {
			return err
		}
		if err := s.q.PutSettings(ctx, tx, libraryID, settings.DefaultPrivate, encoded); err != nil {
			return fmt.Errorf("put settings: %w", err)
		}
		s.Libraries.Record(tx, library.Change{LibraryID: libraryID, Kind: library.KindLibrary, ObjectID: libraryID, Op: library.OpChanged, Actor: by(p)})
		return nil
	})
	return Settings{DefaultPrivate: settings.DefaultPrivate, Names: names}, err
}
