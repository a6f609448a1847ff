package archive

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/archive/internal/archivedb"
	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/cite"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/ingest"
	"scrollkeeper.example/scrollkeeper/internal/intake"
	"scrollkeeper.example/scrollkeeper/internal/organise"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/transfer"
)

const (
	worksOfStep = 200
	filesOfStep = 20 // so that what a server which dies has to do again is little
	// bytesOfStep bounds what is held in memory of claims and marks.
	bytesOfStep = 32 << 20
)

// running is an archive that comes in.
type running struct {
	*incoming
	by      identity.Person
	own     []string
	planted organise.Planted
	store   func(intake.Step) error

	passed   int // works that have been dealt with
	stored   int
	works    []work
	docs     []document.Archived
	marks    []archivedb.PutMarksParams
	notes    []notes
	files    int
	bytes    int
	problems []intake.Problem
}

// notes are those on a work as a whole.
type notes struct {
	documentID uuid.UUID
	list       []annotation.Imported
}

// Run implements intake.Kind.
func (k Importer) Run(ctx context.Context, i intake.Import, r io.ReaderAt, imported []uuid.UUID, store func(intake.Step) error) error {
	in, err := k.s.incoming(ctx, i, r, imported)
	if err != nil {
		return err
	}
	name, err := k.s.q.PersonName(ctx, k.s.Pool, i.PersonID)
	if err != nil {
		return postgres.Fault(fmt.Errorf("name: %w", err))
	}
	run := &running{incoming: in, by: identity.Person{ID: i.PersonID, Name: name}, own: in.ownIDs(name), store: store, stored: i.Passed}
	organisation, err := run.organise()
	if err != nil {
		return err
	}
	if err := in.each(func(w work) error { return run.work(ctx, w) }, func(intake.Problem) {}); err != nil { // said when it was checked
		return err
	}
	if err := run.flush(ctx); err != nil {
		return err
	}
	return run.apart(ctx, organisation)
}

// organise makes the tags and collections that are missing.
func (run *running) organise() (Organisation, error) {
	var o Organisation
	text, _ := run.text(organisationEntry, maxOrganisation)
	// Changed by somebody, it is still what there is.
	if json.Unmarshal(text, &o) != nil { // said when it was checked
		return Organisation{}, nil //nolint:nilerr // the works come in without it
	}
	tags, folders := make([]organise.Tag, len(o.Tags)), make([]organise.Folder, len(o.Collections))
	for i, t := range o.Tags {
		tags[i] = organise.Tag{Name: t.Name, Color: organise.Color(t.Color)}
	}
	for i, c := range o.Collections {
		folders[i] = organise.Folder{ID: c.ID, Parent: c.Parent, Name: c.Name}
	}
	return o, run.store(intake.Step{To: run.stored, Do: func(ctx context.Context, tx *postgres.Tx) (err error) {
		run.planted, err = run.s.Organise.Plant(ctx, tx, run.in.PersonID, run.in.LibraryID, tags, folders)
		if err != nil {
			return err
		}
		if run.stored == 0 {
			for _, name := range run.planted.Refused {
				run.problems = append(run.problems, intake.Problem{File: organisationEntry, Message: fmt.Sprintf("“%s” could not be made: its name or its place may not be, or the library has as many as it may.", cut(name, 100))})
			}
		}
		return nil
	}})
}

// work takes a work up, and stores what there is when it is enough.
func (run *running) work(ctx context.Context, w work) error {
	if run.passed++; run.passed <= run.stored {
		return nil
	}
	if !w.present {
		if err := run.take(ctx, w); err != nil {
			return err
		}
	}
	if run.passed-run.stored >= worksOfStep || run.files >= filesOfStep || run.bytes >= bytesOfStep {
		return run.flush(ctx)
	}
	return nil
}

// take stores a work's files, under keys that are the same in the next run.
func (run *running) take(ctx context.Context, w work) error {
	doc := document.Archived{ID: w.id, Shown: -1}
	for _, c := range w.Claims {
		claim := document.ArchivedClaim{Claim: csl.Claim{Field: c.Field, Source: c.Source, Value: c.Value, Confidence: c.Confidence}, At: moment(c.At)}
		claim.Mine = c.By != nil && slices.Contains(run.own, c.By.ID)
		if !slices.Contains(sources, c.Source) {
			claim.Source = csl.SourceImport
		}
		doc.Claims = append(doc.Claims, claim)
		run.bytes += len(c.Value)
	}
	if w.Annotations != "" {
		if entry := run.annotations(w.Annotations); entry.reason == "" { // said when it was checked
			list, _, err := transfer.ReadFileMarks(entry.text, nil, nil, run.own, maxMarks)
			if f, ok := fault.As(err); err != nil && (!ok || f.Kind != fault.Invalid && f.Kind != fault.TooLarge) {
				return err
			}
			run.notes = append(run.notes, notes{w.id, list})
			run.bytes += len(entry.text)
		}
	}
	for i, f := range w.files {
		key := ingest.BlobKey(f.id)
		var reason string
		reason, err := run.copied(ctx, f, func(r io.Reader) error { return run.s.Blobs.Put(ctx, key, r) })
		if err != nil {
			return fmt.Errorf("store %s: %w", f.Path, err)
		}
		if reason != "" { // said when it was checked
			if err := run.s.Blobs.Delete(ctx, key); err != nil {
				return fmt.Errorf("delete %s: %w", f.Path, err)
			}
			continue
		}
		if i == w.shown {
			doc.Shown = len(doc.Files)
		}
		size, err := run.s.Blobs.Stat(ctx, key)
		if err != nil {
			return fmt.Errorf("size of %s: %w", f.Path, err)
		}
		doc.Kinds = append(doc.Kinds, document.EditionKind(f.Kind))
		doc.Files = append(doc.Files, document.NewUpload{
			LibraryID: run.in.LibraryID, PersonID: run.in.PersonID, DocumentID: w.id, EditionID: f.id, BlobKey: key,
			Filename: ingest.CleanFilename(f.Name), Size: size.Size, ClaimedSHA256: f.sha256,
		})
		waiting := archivedb.PutMarksParams{
			EditionID: f.id, PersonID: uuid.NullUUID{UUID: run.in.PersonID, Valid: true}, Own: run.own, Annotations: []byte("[]"), Removed: []string{},
		}
		for _, name := range f.RemovedMarks[:min(len(f.RemovedMarks), maxRemoved)] {
			if name = strings.ReplaceAll(strings.ToValidUTF8(name, ""), "\x00", ""); name != "" && len(name) <= 500 {
				waiting.Removed = append(waiting.Removed, name)
			}
		}
		if f.Annotations != "" {
			if entry := run.annotations(f.Annotations); entry.reason == "" {
				waiting.Annotations = entry.text
				run.bytes += len(entry.text)
			}
		}
		if f.Annotations != "" || len(waiting.Removed) > 0 {
			run.marks = append(run.marks, waiting)
		}
		run.files++
	}
	run.works, run.docs = append(run.works, w), append(run.docs, doc)
	return nil
}

// maxRemoved is how many annotations of its own are taken of a file.
const maxRemoved = 5000

var sources = []csl.Source{
	csl.SourcePerson, csl.SourceLookup, csl.SourceImport, csl.SourcePage, csl.SourceXMP, csl.SourceInfo, csl.SourceFilename,
}

// flush makes documents of what was taken up.
func (run *running) flush(ctx context.Context) error {
	if run.passed <= run.stored && len(run.problems) == 0 {
		return nil
	}
	ids, keys := make([]uuid.UUID, len(run.works)), make([]cite.Key, len(run.works))
	tags, collections := map[uuid.UUID][]uuid.UUID{}, map[uuid.UUID][]uuid.UUID{}
	for i, w := range run.works {
		ids[i], keys[i] = w.id, cite.Key{DocumentID: w.id, Key: w.Key, Made: w.KeyIsMade}
		for _, name := range w.Tags {
			if id, ok := run.planted.Tags[strings.ToLower(name)]; ok {
				tags[id] = append(tags[id], w.id)
			}
		}
		for _, name := range w.Collections {
			if id, ok := run.planted.Collections[name]; ok {
				collections[id] = append(collections[id], w.id)
			}
		}
	}
	err := run.store(intake.Step{To: max(run.passed, run.stored), Documents: ids, Files: run.files, Problems: run.problems, Do: func(ctx context.Context, tx *postgres.Tx) error {
		if len(run.docs) == 0 {
			return nil
		}
		if err := run.s.Documents.AddArchived(ctx, tx, run.in.LibraryID, run.in.PersonID, run.docs); err != nil {
			return err
		}
		for _, n := range run.notes {
			if err := run.s.Marks.BringNotes(ctx, tx, run.in.LibraryID, n.documentID, run.by, n.list); err != nil {
				return err
			}
		}
		for _, m := range run.marks {
			if err := run.s.q.PutMarks(ctx, tx, m); err != nil {
				return fmt.Errorf("keep marks: %w", err)
			}
		}
		for _, doc := range run.docs {
			for _, f := range doc.Files {
				if err := run.s.Ingest.Queue(ctx, tx, f.EditionID); err != nil {
					return err
				}
			}
		}
		if err := run.s.Organise.Put(ctx, tx, tags, collections); err != nil {
			return err
		}
		return run.s.Cite.Keep(ctx, tx, run.in.LibraryID, keys)
	}})
	if err != nil {
		return err
	}
	run.stored = max(run.passed, run.stored)
	run.works, run.docs, run.marks, run.notes, run.files, run.bytes, run.problems = nil, nil, nil, nil, 0, 0, nil
	return ctx.Err()
}

// apart keeps apart what the archive does, and names keys and meanings as it does in a
// library that has no pattern and no names of its own.
func (run *running) apart(ctx context.Context, o Organisation) error {
	var pairs [][2]uuid.UUID
	for _, pair := range o.KeptApart {
		a, b := run.ids[pair[0]], run.ids[pair[1]]
		if a != uuid.Nil && b != uuid.Nil && a != b {
			pairs = append(pairs, [2]uuid.UUID{a, b})
		}
	}
	if len(pairs) > 0 {
		if err := run.store(intake.Step{To: run.stored, Do: func(ctx context.Context, tx *postgres.Tx) error {
			return run.s.Documents.Distinguish(ctx, tx, pairs)
		}}); err != nil {
			return err
		}
	}
	if o.KeyPattern != "" {
		if err := run.pattern(ctx, o.KeyPattern); err != nil {
			return err
		}
	}
	if len(o.Meanings) == 0 && !o.MarksArePrivate {
		return nil
	}
	p := run.by
	settings, err := run.s.Marks.Settings(ctx, p, run.in.LibraryID)
	if err != nil || len(settings.Names) > 0 || settings.DefaultPrivate {
		return err
	}
	settings = annotation.Settings{DefaultPrivate: o.MarksArePrivate, Names: namesOf(o.Meanings)}
	_, err = run.s.Marks.SetSettings(ctx, p, run.in.LibraryID, settings)
	if f, ok := fault.As(err); ok && (f.Kind == fault.Forbidden || f.Kind == fault.Invalid) {
		return nil // an admin may do so by hand
	}
	return err
}

// pattern has keys made as in the archive's library, where this one has no pattern of
// its own.
func (run *running) pattern(ctx context.Context, pattern string) error {
	now, err := run.s.Cite.Pattern(ctx, run.by, run.in.LibraryID)
	if err != nil || now != biblio.DefaultKeyPattern {
		return err
	}
	_, err = run.s.Cite.SetPattern(ctx, run.by, run.in.LibraryID, pattern, false)
	if f, ok := fault.As(err); ok && (f.Kind == fault.Forbidden || f.Kind == fault.Invalid) {
		return nil // an admin may do so by hand
	}
	return err
}
