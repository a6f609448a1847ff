package archive

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/intake"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Format names archives among the formats of imports.
const Format biblio.Format = "archive"

// Importer brings archives in, as a kind of package intake's imports.
type Importer struct{ s *Service }

// Importer gives the one of this service.
func (s *Service) Importer() Importer { return Importer{s} }

// Recognise implements intake.Kind.
func (Importer) Recognise(file io.ReaderAt, size int64) bool { return Recognise(file, size) }

// incoming is an archive against the library that it comes to.
type incoming struct {
	s *Service
	*opened
	in    intake.Import
	known *document.Matcher
	// present are files that the library had, by their SHA-256 in hexadecimal.
	present map[string]presentFile
	taken   map[string]string // files of works before, by SHA-256: the works' titles
	ids     map[string]uuid.UUID
}

type presentFile struct {
	title   string
	trashed bool
}

// incoming opens an archive. imported are the documents that this import made
// already, which do not count as the library's.
func (s *Service) incoming(ctx context.Context, i intake.Import, file io.ReaderAt, imported []uuid.UUID) (*incoming, error) {
	o, err := open(file, i.Size)
	if err != nil {
		return nil, err
	}
	in := &incoming{s: s, opened: o, in: i, present: map[string]presentFile{}, taken: map[string]string{}, ids: map[string]uuid.UUID{}}
	if in.known, err = s.Documents.NewMatcher(ctx, s.Pool, i.LibraryID, imported...); err != nil {
		return nil, err
	}
	own := make(map[uuid.UUID]bool, len(imported))
	for _, id := range imported {
		own[id] = true
	}
	var hashes [][]byte
	ask := func() error {
		rows, err := s.q.PresentFiles(ctx, s.Pool, i.LibraryID, hashes)
		if err != nil {
			return postgres.Fault(fmt.Errorf("files that are there: %w", err))
		}
		for _, r := range rows {
			if !own[r.ID] {
				in.present[r.Sha256] = presentFile{r.Title, r.Trashed}
			}
		}
		hashes = hashes[:0]
		return nil
	}
	const most = 5000 // in one question
	for _, e := range o.manifest.Entries {
		if !strings.HasPrefix(e.Path, filesFolder) {
			continue
		}
		if sum, err := hex.DecodeString(e.SHA256); err == nil && len(sum) == sha256.Size {
			hashes = append(hashes, sum)
		}
		if len(hashes) == most {
			if err := ask(); err != nil {
				return nil, err
			}
		}
	}
	return in, ask()
}

// work is a work of an archive with what is to become of it.
type work struct {
	Work
	n       int // its line
	id      uuid.UUID
	present bool
	files   []file
	shown   int // in files
	marks   int
}

// file is one that comes in.
type file struct {
	WorkFile
	id     uuid.UUID
	sha256 []byte
	n      int // in Work.Files
}

// each decides on every work. What is decided depends on the archive and on what
// the library had before, so that a run which goes on decides alike.
func (in *incoming) each(found func(work) error, wrong func(intake.Problem)) error {
	return in.opened.each(func(line int, w Work) error {
		if _, twice := in.ids[w.ID]; twice {
			wrong(intake.Problem{Line: line, Key: cut(w.Key, 100), Message: "The archive has a work of this id already."})
			return nil
		}
		one := work{Work: w, n: line, id: in.number(0, line, 0)}
		if len(one.Claims) == 0 {
			one.Claims = claimsOf(w.Item)
		}
		title := cut(csl.Plain(w.Item.Title), 200)
		problem := func(message string) { wrong(intake.Problem{Line: line, Key: cut(w.Key, 100), Message: message}) }
		for i, f := range w.Files {
			entry, named := in.sums[f.Path]
			sum, err := hex.DecodeString(entry.SHA256)
			switch {
			case !named || err != nil || len(sum) != sha256.Size:
				problem(fmt.Sprintf("%s: the manifest does not say what this file is.", short100(f.Path)))
				continue
			case in.files[f.Path] == nil:
				continue // said of the entry already
			}
			key := strings.ToLower(entry.SHA256)
			if p, there := in.present[key]; there {
				if one.present = true; p.trashed {
					problem(fmt.Sprintf("%s: the library has this file in its trash, of “%s”. Restore that document, or delete it for good and bring it in again.", short100(f.Path), cut(p.title, 100)))
				}
				continue
			}
			if other, twice := in.taken[key]; twice {
				problem(fmt.Sprintf("%s: this is the same file as one of “%s”, so it comes once.", short100(f.Path), cut(other, 100)))
				continue
			}
			in.taken[key] = title
			one.files = append(one.files, file{WorkFile: f, id: in.number(1, line, i), sha256: sum, n: i})
			if f.Current {
				one.shown = len(one.files) - 1
			}
			one.marks += max(0, min(f.Marks, 1_000_000))
		}
		if !one.present {
			_, one.present = in.known.Find(w.Item)
		}
		if one.present {
			for _, f := range one.files { // it may come with another work
				delete(in.taken, hex.EncodeToString(f.sha256))
			}
			in.ids[w.ID] = uuid.Nil
		} else {
			in.ids[w.ID] = one.id
		}
		return found(one)
	}, wrong)
}

func short100(path string) string { return cut(path, 160) }

// number makes an id that is the same in every run of an import, and later than
// those of works before: a UUID of version 7 at the import's time.
func (in *incoming) number(sort, n, k int) uuid.UUID {
	var id uuid.UUID
	sum := sha256.Sum256(in.in.ID[:])
	binary.BigEndian.PutUint64(id[:8], uint64(in.in.CreatedAt.UnixMilli())<<16|0x7000|uint64(sort)<<11|uint64(n>>16)&0x7FF)     //nolint:gosec // small numbers
	binary.BigEndian.PutUint64(id[8:], 2<<62|uint64(n&0xFFFF)<<46|uint64(k&0xFF)<<38|binary.BigEndian.Uint64(sum[:8])>>(64-38)) //nolint:gosec // as above
	return id
}

// claimsOf are an item's variables, for works that come without claims.
func claimsOf(item csl.Item) []Claim {
	item.ID = ""
	encoded, err := json.Marshal(item)
	if err != nil {
		return nil
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(encoded, &fields) != nil {
		return nil
	}
	const confidence = 0.97 // as a bibliography's
	claims := make([]Claim, 0, len(fields))
	for field, value := range fields {
		claims = append(claims, Claim{Field: field, Source: csl.SourceImport, Value: value, Confidence: confidence})
	}
	return claims
}

// pdfOf opens a file, of which no more comes than the server takes.
func (in *incoming) pdfOf(ctx context.Context, f file) (io.ReadCloser, string) {
	r, err := reading(in.files[f.Path], in.s.Ingest.MaxBytes())
	if errors.Is(err, errTooLong) {
		return nil, "the file is larger than this server takes."
	}
	if err != nil {
		return nil, "the file cannot be read: " + reasonOf(err) + "."
	}
	return readCloser{contextReader{ctx, r}, r}, ""
}

type readCloser struct {
	io.Reader
	io.Closer
}

type contextReader struct {
	ctx context.Context //nolint:containedctx // a reader's methods have none
	r   io.Reader
}

// Read implements io.Reader.
func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// copied reads a file to its end and says what is wrong with it; the error is
// that of the writer's, or of a context that ended.
func (in *incoming) copied(ctx context.Context, f file, store func(io.Reader) error) (reason string, err error) {
	r, reason := in.pdfOf(ctx, f)
	if reason != "" {
		return reason, nil
	}
	defer func() { _ = r.Close() }()
	sum := sha256.New()
	watched := &watching{r: io.TeeReader(r, sum)}
	err = store(watched)
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case watched.err != nil:
		return "the file cannot be read: " + reasonOf(watched.err) + ".", nil
	case err != nil:
		return "", err
	case string(sum.Sum(nil)) != string(f.sha256):
		return "the file's SHA-256 is not the one in the manifest, so it was left out. Copy the archive again.", nil
	case !watched.isPDF():
		return "this is not a PDF, so it was left out.", nil
	}
	return "", nil
}

// watching keeps what a reader failed with, and how it began.
type watching struct {
	r    io.Reader
	err  error
	head []byte
}

// Read implements io.Reader.
func (w *watching) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if left := 1024 - len(w.head); left > 0 {
		w.head = append(w.head, p[:min(n, left)]...)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

func (w *watching) isPDF() bool { return strings.Contains(string(w.head), "%PDF-") }

// Check implements intake.Kind.
func (k Importer) Check(ctx context.Context, i intake.Import, r io.ReaderAt) (intake.Found, error) {
	in, err := k.s.incoming(ctx, i, r, nil)
	if err != nil {
		return intake.Found{}, err
	}
	var f intake.Found
	wrong := func(p intake.Problem) {
		const most = 500 // that are kept
		if f.ProblemCount++; len(f.Problems) < most {
			f.Problems = append(f.Problems, p)
		}
	}
	for _, p := range in.problems {
		wrong(p)
	}
	var o Organisation
	text, reason := in.text(organisationEntry, maxOrganisation)
	if json.Unmarshal(text, &o) != nil && reason == "" {
		reason = "Tags and collections cannot be read: this is not JSON as it should be."
	}
	c := &f.Contents
	c.Tags, c.CollectionCount = len(o.Tags), len(o.Collections)
	for _, one := range o.Collections[:min(len(o.Collections), intake.MaxNamed)] {
		c.Collections = append(c.Collections, cut(one.Name, 100))
	}
	if reason != "" {
		wrong(intake.Problem{File: organisationEntry, Message: reason})
	}
	err = in.each(func(w work) error {
		f.Total++
		if w.present {
			f.Present++
			return nil
		}
		f.Fresh++
		if w.Annotations != "" {
			if reason := in.annotations(w.Annotations).reason; reason != "" {
				wrong(intake.Problem{Line: w.n, Key: cut(w.Key, 100), Message: short100(w.Annotations) + ": " + reason})
			} else {
				c.Notes += max(0, min(w.Notes, 1_000_000))
			}
		}
		for _, one := range w.files {
			reason, err := in.copied(ctx, one, func(r io.Reader) error {
				_, err := io.Copy(io.Discard, r)
				return err
			})
			if err != nil {
				return err
			}
			if reason != "" {
				wrong(intake.Problem{Line: w.n, Key: cut(w.Key, 100), Message: short100(one.Path) + ": " + reason})
				c.Marks -= max(0, one.Marks)
				continue
			}
			c.Files++
			c.Matched++
			if one.Annotations != "" {
				if reason := in.annotations(one.Annotations).reason; reason != "" {
					wrong(intake.Problem{Line: w.n, Key: cut(w.Key, 100), Message: short100(one.Annotations) + ": " + reason})
					c.Marks -= max(0, one.Marks)
				}
			}
		}
		c.Marks += w.marks
		return ctx.Err()
	}, wrong)
	c.Marks = max(0, c.Marks)
	return f, err
}

// marksText is an entry of annotations, or why it is not taken.
type marksText struct {
	text   []byte
	reason string
}

func (in *incoming) annotations(path string) marksText {
	text, reason := in.text(path, maxAnnotations)
	if reason == "" && !json.Valid(text) {
		reason = "The marks are not JSON."
	}
	return marksText{text, reason}
}

// ownIDs are the names of who brings an archive in, in that archive: their id
// here, and that of who took it out, where both are called the same.
func (in *incoming) ownIDs(name string) []string {
	own := []string{urn(in.in.PersonID)}
	if by := in.manifest.By; by.ID != "" && by.Name == name && by.ID != own[0] {
		own = append(own, by.ID)
	}
	return own
}

// moment is a time that an archive gives, unless it is one that cannot be.
func moment(t time.Time) time.Time {
	if t.Year() < 1970 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}
