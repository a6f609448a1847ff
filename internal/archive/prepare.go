package archive

import (
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/archive/internal/archivedb"
	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/transfer"
)

// batch is how many works are held in memory at a time.
const batch = 500

// perWork is what a work counts in the progress, beside the bytes of files.
const perWork = 10 << 10

// Prepare reads what is said of an archive's works at one moment, and checks the
// files that go with it. It does nothing for an archive that is ready or gone. A
// run that was cut off is begun anew.
func (s *Service) Prepare(ctx context.Context, id uuid.UUID) error {
	row, err := s.q.ArchiveByID(ctx, s.Pool, id)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && State(row.State) != Preparing {
		return nil
	}
	if err != nil {
		return postgres.Fault(fmt.Errorf("archive: %w", err))
	}
	a, err := archiveOf(row)
	if err != nil {
		return err
	}
	// Given before the moment, since it only reads.
	if err := s.Cite.GiveKeys(ctx, a.LibraryID, a.choice.DocumentIDs); err != nil {
		return err
	}
	w := &writing{s: s, archive: a, names: newNames(), noteNames: newNames()}
	defer w.close()
	if err := w.begin(); err != nil {
		return err
	}
	if err := w.read(ctx); err != nil {
		return err
	}
	if err := w.check(ctx); err != nil {
		return err
	}
	return w.store(ctx)
}

// writing is an archive while it is prepared.
type writing struct {
	s       *Service
	archive Archive
	by      Person
	library string
	at      time.Time
	ids     []uuid.UUID // of the chosen documents; nil for all
	names   *names
	// noteNames are those under notes/.
	noteNames *names

	works, items, bibliography *spool
	// whole is everything that was written, one entry behind the other.
	whole   *os.File
	end     int64
	pieces  []piece
	entries []ManifestEntry
	files   []pdf
	missing []MissingFile
	count   int // works
	passed  int64
	total   int64
	told    time.Time
}

// pdf is a file that goes out.
type pdf struct {
	path, blobKey string
	size          int64
	sha256        []byte // nil where it was not checked yet
}

func (w *writing) begin() error {
	for _, to := range []**spool{&w.works, &w.items, &w.bibliography} {
		made, err := newSpool(w.s.TempDir)
		if err != nil {
			return err
		}
		*to = made
	}
	var err error
	w.whole, err = temporary(w.s.TempDir)
	return err
}

func (w *writing) close() {
	for _, one := range []*spool{w.works, w.items, w.bibliography} {
		if one != nil {
			_ = one.file.Close()
		}
	}
	if w.whole != nil {
		_ = w.whole.Close()
	}
}

// temporary is a file that has no name any more and goes with its last user.
func temporary(dir string) (*os.File, error) {
	file, err := os.CreateTemp(dir, "archive-*")
	if err != nil {
		return nil, fmt.Errorf("file for what is written: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("file for what is written: %w", err)
	}
	return file, nil
}

// spool is an entry that is written little by little, deflated, into a file.
type spool struct {
	file   *os.File
	buffer *bufio.Writer
	packer *flate.Writer
	sum    hash.Hash
	crc    uint32
	size   int64
}

func newSpool(dir string) (*spool, error) {
	file, err := temporary(dir)
	if err != nil {
		return nil, err
	}
	sp := &spool{file: file, buffer: bufio.NewWriterSize(file, 64<<10), sum: sha256.New()}
	sp.packer, err = flate.NewWriter(sp.buffer, flate.DefaultCompression)
	if err != nil {
		return nil, fmt.Errorf("deflate: %w", err)
	}
	return sp, nil
}

// Write implements io.Writer.
func (sp *spool) Write(p []byte) (int, error) {
	sp.sum.Write(p)
	sp.crc = crc32.Update(sp.crc, crc32.IEEETable, p)
	sp.size += int64(len(p))
	return sp.packer.Write(p)
}

// add makes a spool an entry.
func (w *writing) add(name string, sp *spool) error {
	if err := errors.Join(sp.packer.Close(), sp.buffer.Flush()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	packed, err := sp.file.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if _, err := io.Copy(w.whole, io.NewSectionReader(sp.file, 0, packed)); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	w.entry(name, sp.sum.Sum(nil), piece{Name: name, Deflated: true, CRC32: sp.crc, Packed: packed, Size: sp.size})
	return nil
}

// addText makes a short text an entry.
func (w *writing) addText(name string, text []byte) error {
	var packed bytes.Buffer
	packer, err := flate.NewWriter(&packed, flate.DefaultCompression)
	if err == nil {
		_, err = packer.Write(text)
	}
	if err := errors.Join(err, packer.Close()); err != nil {
		return fmt.Errorf("deflate %s: %w", name, err)
	}
	if _, err := w.whole.Write(packed.Bytes()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	sum := sha256.Sum256(text)
	w.entry(name, sum[:], piece{Name: name, Deflated: true, CRC32: crc32.ChecksumIEEE(text), Packed: int64(packed.Len()), Size: int64(len(text))})
	return nil
}

// entry notes what was just written to whole.
func (w *writing) entry(name string, sum []byte, p piece) {
	p.BlobKey, p.Offset = dataKey(w.archive.ID), w.end
	w.end += p.Packed
	w.pieces = append(w.pieces, p)
	w.entries = append(w.entries, ManifestEntry{Path: name, Size: p.Size, SHA256: hex.EncodeToString(sum)})
}

// read writes what the database says, all as of one moment.
func (w *writing) read(ctx context.Context) error {
	tx, err := w.s.Pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return postgres.Fault(fmt.Errorf("begin: %w", err))
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if err := w.readIn(ctx, tx); err != nil {
		return postgres.Fault(err)
	}
	return nil
}

func (w *writing) readIn(ctx context.Context, db postgres.DBTX) error {
	s, a := w.s, w.archive
	if _, err := s.Libraries.Authorize(ctx, db, identity.Person{ID: a.personID}, library.ReadLibrary, a.LibraryID); err != nil {
		return err
	}
	w.at = s.Clock.Now()
	w.by.ID = urn(a.personID)
	var err error
	if w.by.Name, err = s.q.PersonName(ctx, db, a.personID); err != nil {
		return fmt.Errorf("name: %w", err)
	}
	if w.library, err = s.q.LibraryName(ctx, db, a.LibraryID); err != nil {
		return fmt.Errorf("name of library: %w", err)
	}
	w.ids = a.choice.DocumentIDs
	var chosen map[uuid.UUID]bool // collections; nil for all
	if a.choice.CollectionID.Valid {
		under, err := s.q.Under(ctx, db, a.choice.CollectionID.UUID, a.LibraryID)
		if err != nil {
			return fmt.Errorf("collection: %w", err)
		}
		if len(under) == 0 {
			return errNoCollection
		}
		if w.ids, err = s.q.InCollections(ctx, db, under, a.LibraryID); err != nil {
			return fmt.Errorf("documents of a collection: %w", err)
		}
		w.ids = append([]uuid.UUID{}, w.ids...) // an empty one is not all
		chosen = map[uuid.UUID]bool{}
		for _, id := range under {
			chosen[id] = true
		}
	}
	organisation, err := w.organisation(ctx, db, chosen)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, c := range organisation.Collections {
		known[c.ID] = true
	}
	items, err := biblio.NewWriter(w.items, biblio.CSLJSON)
	if err != nil {
		return err
	}
	bib, err := biblio.NewWriter(w.bibliography, biblio.BibTeX)
	if err != nil {
		return err
	}
	paths := collectionPaths(organisation.Collections)
	for after := (archivedb.WorksParams{LibraryID: a.LibraryID, PersonID: uuid.NullUUID{UUID: a.personID, Valid: true}, Private: a.choice.Private, AllWorks: w.ids == nil, Ids: w.ids, MaxRows: batch}); ; {
		rows, err := s.q.Works(ctx, db, after)
		if err != nil {
			return fmt.Errorf("works: %w", err)
		}
		works, err := w.about(ctx, db, rows, known, organisation.Meanings)
		if err != nil {
			return err
		}
		for i, work := range works {
			if err := w.write(work, paths, items, bib); err != nil {
				return fmt.Errorf("write document %s: %w", rows[i].ID, err)
			}
		}
		if w.count += len(rows); len(rows) < batch {
			break
		}
		after.AfterAt, after.AfterID = rows[len(rows)-1].CreatedAt, rows[len(rows)-1].ID
		w.passed = int64(w.count) * perWork
		if err := w.tell(ctx, false); err != nil {
			return err
		}
	}
	if err := errors.Join(items.Close(), bib.Close()); err != nil {
		return err
	}
	encoded, err := indented(organisation)
	if err != nil {
		return err
	}
	return w.addText(organisationEntry, encoded)
}

// organisation reads tags and collections: all of them, or those that the chosen
// works are in, with what these stand in.
func (w *writing) organisation(ctx context.Context, db postgres.DBTX, chosen map[uuid.UUID]bool) (Organisation, error) {
	s, libraryID, all := w.s, w.archive.LibraryID, w.ids == nil
	o := Organisation{Tags: []Tag{}, Collections: []Collection{}, KeptApart: [][2]string{}}
	tags, err := s.q.Tags(ctx, db, libraryID, all, w.ids)
	if err != nil {
		return o, fmt.Errorf("tags: %w", err)
	}
	for _, t := range tags {
		o.Tags = append(o.Tags, Tag{Name: t.Name, Color: t.Color})
	}
	collections, err := s.q.Collections(ctx, db, libraryID)
	if err != nil {
		return o, fmt.Errorf("collections: %w", err)
	}
	if !all && chosen == nil {
		chosen = map[uuid.UUID]bool{}
		held, err := s.q.WorkCollections(ctx, db, w.ids)
		if err != nil {
			return o, fmt.Errorf("collections of works: %w", err)
		}
		for _, h := range held {
			chosen[h.CollectionID] = true
		}
		for _, c := range slices.Backward(collections) { // what is in something comes after it
			if chosen[c.ID] && c.ParentID.Valid {
				chosen[c.ParentID.UUID] = true
			}
		}
	}
	for _, c := range collections {
		if chosen != nil && !chosen[c.ID] {
			continue
		}
		one := Collection{ID: c.ID.String(), Name: c.Name}
		if c.ParentID.Valid && (chosen == nil || chosen[c.ParentID.UUID]) {
			one.Parent = c.ParentID.UUID.String()
		}
		o.Collections = append(o.Collections, one)
	}
	apart, err := s.q.KeptApart(ctx, db, libraryID, all, w.ids)
	if err != nil {
		return o, fmt.Errorf("distinctions: %w", err)
	}
	for _, pair := range apart {
		o.KeptApart = append(o.KeptApart, [2]string{pair.DocumentID.String(), pair.OtherID.String()})
	}
	if o.KeyPattern, err = s.q.KeyPattern(ctx, db, libraryID); err != nil {
		return o, fmt.Errorf("pattern of citation keys: %w", err)
	}
	settings, err := s.q.Meanings(ctx, db, libraryID)
	if errors.Is(err, pgx.ErrNoRows) {
		return o, nil
	}
	if err != nil {
		return o, fmt.Errorf("meanings: %w", err)
	}
	o.MarksArePrivate = settings.DefaultPrivate
	if err := json.Unmarshal(settings.Meanings, &o.Meanings); err != nil {
		return o, fmt.Errorf("meanings: %w", err)
	}
	return o, nil
}

// collectionPaths are collections by their ids, as bibliographies have them.
func collectionPaths(list []Collection) map[string]string {
	paths := map[string]string{}
	for _, c := range list { // a parent comes first
		paths[c.ID] = c.Name
		if above := paths[c.Parent]; above != "" {
			paths[c.ID] = above + "/" + c.Name
		}
	}
	return paths
}

// about reads all that is known of some works, and writes the marks on them.
func (w *writing) about(ctx context.Context, db postgres.DBTX, rows []archivedb.WorksRow, known map[string]bool, meanings map[string]string) ([]Work, error) {
	ids, at := make([]uuid.UUID, len(rows)), make(map[uuid.UUID]int, len(rows))
	works := make([]Work, len(rows))
	for i, r := range rows {
		ids[i], at[r.ID] = r.ID, i
		works[i] = Work{ID: r.ID.String(), Key: r.Key, KeyIsMade: r.KeyIsMade, Added: r.CreatedAt.UTC(), AddedBy: r.AddedBy, Claims: []Claim{}}
		if err := json.Unmarshal(r.Csl, &works[i].Item); err != nil {
			return nil, fmt.Errorf("metadata of document %s: %w", r.ID, err)
		}
		works[i].Item.ID = r.Key
		if works[i].Item.Title == "" {
			works[i].Item.Title = r.Title
		}
	}
	for i, r := range rows {
		if r.Noted {
			if err := w.notes(ctx, db, &works[i], r.ID); err != nil {
				return nil, err
			}
		}
	}
	claims, err := w.s.q.Claims(ctx, db, ids)
	if err != nil {
		return nil, fmt.Errorf("claims: %w", err)
	}
	for _, c := range claims {
		claim := Claim{Field: c.Field, Source: csl.Source(c.Source), Value: c.Value, Confidence: short(c.Confidence), At: c.At.UTC()}
		if c.PersonID.Valid {
			claim.By = &Person{ID: urn(c.PersonID.UUID), Name: c.Person}
		}
		i := at[c.DocumentID]
		works[i].Claims = append(works[i].Claims, claim)
	}
	tags, err := w.s.q.WorkTags(ctx, db, ids)
	if err != nil {
		return nil, fmt.Errorf("tags of works: %w", err)
	}
	for _, t := range tags {
		i := at[t.DocumentID]
		works[i].Tags = append(works[i].Tags, t.Name)
	}
	collections, err := w.s.q.WorkCollections(ctx, db, ids)
	if err != nil {
		return nil, fmt.Errorf("collections of works: %w", err)
	}
	for _, c := range collections {
		if i := at[c.DocumentID]; known[c.CollectionID.String()] {
			works[i].Collections = append(works[i].Collections, c.CollectionID.String())
		}
	}
	editions, err := w.s.q.Editions(ctx, db, uuid.NullUUID{UUID: w.archive.personID, Valid: true}, w.archive.choice.Private, ids)
	if err != nil {
		return nil, fmt.Errorf("editions: %w", err)
	}
	for _, e := range editions {
		if err := w.edition(ctx, db, &works[at[e.DocumentID]], e, meanings); err != nil {
			return nil, err
		}
	}
	return works, nil
}

// short is a number as it was before it was stored in four bytes.
func short(f float32) float64 {
	out, err := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
	if err != nil {
		return float64(f) // no number is none
	}
	return out
}

// edition adds a file to its work, and writes the marks that were made on it.
func (w *writing) edition(ctx context.Context, db postgres.DBTX, work *Work, e archivedb.EditionsRow, meanings map[string]string) error {
	name := w.names.unique(baseName(work.Item))
	file := WorkFile{
		Path: filesFolder + name + ".pdf", Name: e.Filename, Size: e.Size, Added: e.CreatedAt.UTC(), AddedBy: e.AddedBy, Kind: e.Kind, Current: e.Shown,
		RemovedMarks: e.Removed,
	}
	w.files = append(w.files, pdf{path: file.Path, blobKey: e.BlobKey, size: e.Size, sha256: e.Sha256})
	if e.Marked {
		kept, err := w.marks(ctx, db, e.DocumentID, e.ID)
		if err != nil {
			return err
		}
		rows, err := w.s.q.Pages(ctx, db, e.ID)
		if err != nil {
			return fmt.Errorf("pages: %w", err)
		}
		pages := make([]document.PageInfo, len(rows))
		for i, r := range rows {
			pages[i] = document.PageInfo{Number: int(r.Number), Label: r.Label, Box: pagetext.Rect(r.Box), Rotation: int(r.Rotation)}
		}
		text, err := transfer.FileMarks{
			Title: work.Item.Title, Item: work.Item, Filename: e.Filename, SHA256: e.Sha256, At: w.at,
			Link: "../" + filesFolder + url.PathEscape(name+".pdf"), Names: namesOf(meanings), Pages: pages, Marks: kept,
		}.WebAnnotations()
		if err != nil {
			return err
		}
		file.Annotations, file.Marks = marksFolder+name+".jsonld", len(kept)
		if err := w.addText(file.Annotations, text); err != nil {
			return err
		}
	}
	work.Files = append(work.Files, file)
	return nil
}

// marks are those on a file that go out, or with the nil UUID the notes on a work.
func (w *writing) marks(ctx context.Context, db postgres.DBTX, documentID, editionID uuid.UUID) ([]annotation.Annotation, error) {
	marks, err := w.s.Marks.MadeOn(ctx, db, identity.Person{ID: w.archive.personID}, documentID, editionID)
	return slices.DeleteFunc(marks, func(m annotation.Annotation) bool { return m.Private && !w.archive.choice.Private }), err
}

// notes writes the notes on a work.
func (w *writing) notes(ctx context.Context, db postgres.DBTX, work *Work, documentID uuid.UUID) error {
	notes, err := w.marks(ctx, db, documentID, uuid.Nil)
	if err != nil {
		return err
	}
	text, err := transfer.FileMarks{Title: work.Item.Title, Item: work.Item, At: w.at, Link: urn(documentID), Marks: notes}.WebAnnotations()
	if err != nil {
		return err
	}
	work.Annotations, work.Notes = notesFolder+w.noteNames.unique(baseName(work.Item))+".jsonld", len(notes)
	return w.addText(work.Annotations, text)
}

func namesOf(meanings map[string]string) map[annotation.Meaning]string {
	out := make(map[annotation.Meaning]string, len(meanings))
	for key, name := range meanings {
		out[annotation.Meaning(key)] = name
	}
	return out
}

// write writes a work in the three forms.
func (w *writing) write(work Work, paths map[string]string, items, bib *biblio.Writer) error {
	encoder := json.NewEncoder(w.works)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(work); err != nil {
		return err
	}
	record := biblio.Record{Key: work.Key, Item: work.Item, Tags: work.Tags}
	if record.Key == "" { // it came since keys were given
		record.Key = "work-" + work.ID
	}
	record.Item.ID = ""
	for _, id := range work.Collections {
		record.Collections = append(record.Collections, paths[id])
	}
	for i := range work.Files { // what is shown comes first
		file := biblio.File{Path: work.Files[i].Path, Title: work.Files[i].Name, Type: "application/pdf"}
		if work.Files[i].Current {
			record.Files = append([]biblio.File{file}, record.Files...)
		} else {
			record.Files = append(record.Files, file)
		}
	}
	return errors.Join(items.Write(record), bib.Write(record))
}

// tell stores the progress, now and then or at once.
func (w *writing) tell(ctx context.Context, now bool) error {
	const often = 500 * time.Millisecond
	if at := time.Now(); !now && at.Sub(w.told) < often {
		return nil
	} else {
		w.told = at
	}
	if err := w.s.q.SetPreparing(ctx, w.s.Pool, archivedb.SetPreparingParams{
		ID: w.archive.ID, Works: int32(w.count), Files: int32(len(w.files)), Passed: w.passed, Total: w.total, At: w.s.Clock.Now(), //nolint:gosec // counts of rows
	}); err != nil {
		return postgres.Fault(fmt.Errorf("progress: %w", err))
	}
	return nil
}

// check reads the files once, so that only whole ones go out, and their checksums
// are known before the first byte is sent.
func (w *writing) check(ctx context.Context) error {
	w.passed = int64(w.count) * perWork
	w.total = w.passed
	for _, f := range w.files {
		w.total += f.size
	}
	if err := w.tell(ctx, true); err != nil {
		return err
	}
	for _, f := range w.files {
		p, sum, reason, err := w.checkFile(ctx, f)
		if err != nil {
			return err
		}
		if reason != "" {
			w.missing = append(w.missing, MissingFile{Path: f.path, Reason: reason})
		} else {
			w.pieces = append(w.pieces, p)
			w.entries = append(w.entries, ManifestEntry{Path: f.path, Size: p.Size, SHA256: hex.EncodeToString(sum)})
		}
	}
	return nil
}

func (w *writing) checkFile(ctx context.Context, f pdf) (p piece, sum []byte, reason string, err error) {
	file, err := w.s.Blobs.Open(ctx, f.blobKey)
	if isGone(err) {
		return p, nil, "The file is not there any more.", nil
	}
	if err != nil {
		return p, nil, "", fmt.Errorf("open %s: %w", f.path, err)
	}
	defer func() { _ = file.Close() }()
	hashed, crc, buffer := sha256.New(), crc32.NewIEEE(), make([]byte, 1<<20)
	size := int64(0)
	for {
		n, err := file.Read(buffer)
		hashed.Write(buffer[:n])
		_, _ = crc.Write(buffer[:n])
		size += int64(n)
		w.passed += int64(n)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return p, nil, "", fmt.Errorf("read %s: %w", f.path, err)
		}
		if err := errors.Join(ctx.Err(), w.tell(ctx, false)); err != nil {
			return p, nil, "", err
		}
	}
	sum = hashed.Sum(nil)
	if size != f.size || f.sha256 != nil && !bytes.Equal(sum, f.sha256) {
		return p, nil, "The file is damaged: it is not what it was when it came.", nil
	}
	return piece{Name: f.path, CRC32: crc.Sum32(), Packed: size, Size: size, BlobKey: f.blobKey}, sum, "", nil
}

// store puts what was written, and the list of all entries, where the ZIP is made
// from.
func (w *writing) store(ctx context.Context) error {
	files := w.pieces
	split := len(files) - (len(w.files) - len(w.missing))
	texts := append([]piece{}, files[:split]...)
	pdfs := files[split:]
	w.pieces = nil
	for _, one := range []struct {
		name string
		from *spool
	}{{bibliographyEntry, w.bibliography}, {itemsEntry, w.items}, {worksEntry, w.works}} {
		if err := w.add(one.name, one.from); err != nil {
			return err
		}
	}
	if err := w.addText(readmeEntry, []byte(w.readme())); err != nil {
		return err
	}
	manifest, err := indented(Manifest{
		Format: formatName, Version: Version, Generator: "Scrollkeeper " + w.s.Version, Created: w.at.UTC(), Library: w.library,
		Part: w.ids != nil, By: w.by, Works: w.count, Files: len(pdfs), Entries: w.entries, Missing: w.missing,
	})
	if err != nil {
		return err
	}
	if err := w.addText(manifestEntry, manifest); err != nil {
		return err
	}
	// What says what this is comes first, and the files last.
	n := len(w.pieces)
	pieces := append([]piece{w.pieces[n-2], w.pieces[n-1]}, w.pieces[:n-2]...)
	pieces = append(append(pieces, texts...), pdfs...)
	plan, err := json.Marshal(pieces)
	if err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	id := w.archive.ID
	if err := w.s.Blobs.Put(ctx, dataKey(id), io.NewSectionReader(w.whole, 0, w.end)); err != nil {
		return fmt.Errorf("store what was written: %w", err)
	}
	if err := w.s.Blobs.Put(ctx, planKey(id), bytes.NewReader(plan)); err != nil {
		return fmt.Errorf("store the plan: %w", err)
	}
	if _, err := w.s.q.SetReady(ctx, w.s.Pool, archivedb.SetReadyParams{
		ID: id, Works: int32(w.count), Files: int32(len(pdfs)), Missing: int32(len(w.missing)), //nolint:gosec // counts of rows
		Size: assemble(ctx, w.s.Blobs, pieces, w.archive.CreatedAt).Size(), At: w.s.Clock.Now(),
	}); err != nil {
		return postgres.Fault(fmt.Errorf("set ready: %w", err))
	}
	return nil
}

func indented(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return out.Bytes(), nil
}

// readme tells a stranger what the ZIP is.
func (w *writing) readme() string {
	var out strings.Builder
	what := "The whole library"
	if w.ids != nil {
		what = "A part of the library"
	}
	fmt.Fprintf(&out, "%s “%s”, taken out of Scrollkeeper by %s on %s.\r\n", what, oneLine(w.library), oneLine(w.by.Name), w.at.UTC().Format("2 January 2006, 15:04 UTC"))
	out.WriteString(strings.ReplaceAll(`
files/                    The papers, as PDF. Where a work has several files, library.json
                          names the one that is current first.
library.bib               All works as BibTeX, with their citation keys and files.
library.json              All works as CSL-JSON, for Zotero, Pandoc and others.
annotations/              What people marked and said, a file for each paper: W3C Web
                          Annotations in JSON-LD, with the words that were marked.
notes/                    What people said of works as a whole, in the same way.
data/works.jsonl          Everything that is known of each work, and who said so: a JSON
                          object in each line.
data/organisation.json    Tags with their colours, collections, and works that look alike
                          and are not one.
manifest.json             Every entry with its size and SHA-256.

To bring it into a library again, drop this ZIP on the page "Import" of Scrollkeeper, or
run: scrollkeeper import this.zip

Zotero: File, Import, choose library.bib (unpack the ZIP first; the papers come along).
JabRef: open library.bib, with the unpacked folder as the file directory.
`, "\n", "\r\n"))
	if len(w.missing) > 0 {
		out.WriteString("\r\nNot here, because the server could not read them:\r\n")
		for _, m := range w.missing {
			fmt.Fprintf(&out, "  %s: %s\r\n", m.Path, m.Reason)
		}
	}
	return out.String()
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
