package transfer

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"scrollkeeper.example/scrollkeeper/internal/anchoring"
	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Limits of an import.
const (
	maxImportBytes = 16 << 20
	maxImported    = 5_000 // annotations, replies among them
)

var (
	errNoAnnotations = fault.New(fault.Invalid, "not_annotations", "This is no collection of Web Annotations. Give JSON-LD, or what Hypothesis exports.")
	errTooMany       = fault.New(fault.TooLarge, "too_many_annotations", "At most 5,000 annotations can be brought in at once.").With("limit", maxImported)
)

// Import brings Web Annotations to a document's newest file, or to editionID's.
// What is there already, because it was imported before or is one of the
// document's own marks, is skipped.
func (s *Service) Import(ctx context.Context, p identity.Person, documentID uuid.UUID, editionID *uuid.UUID, data []byte) (annotation.ImportReport, error) {
	sheet, edition, err := s.sheet(ctx, p, documentID, Options{EditionID: editionID, Private: true})
	if err != nil {
		return annotation.ImportReport{}, err
	}
	read, err := readAnnotations(data, importer{pages: sheet.pages, names: sheet.Names, own: []string{urn(p.ID)}}, maxImported)
	if err != nil {
		return annotation.ImportReport{}, err
	}
	report, err := s.Marks.Import(ctx, edition.ID, &p, read.marks)
	report.Skipped += read.skipped
	return report, err
}

// reading is what an import holds.
type reading struct {
	marks   []annotation.Imported
	skipped int // without a place that could be looked for
}

// readAnnotations reads a collection, a page, a list or one of Web Annotations,
// or a list as Hypothesis gives it, of at most so many.
func readAnnotations(data []byte, r importer, most int) (reading, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		return reading{}, errNoAnnotations
	}
	var root any
	if err := json.Unmarshal(data, &root); err != nil {
		return reading{}, fault.Wrap(err, errNoAnnotations.Kind, errNoAnnotations.Code, errNoAnnotations.Message)
	}
	items, ok := itemsOf(root)
	if !ok {
		return reading{}, errNoAnnotations
	}
	if len(items) > most {
		return reading{}, errTooMany.With("limit", most)
	}
	r.at, r.parents = map[string]int{}, map[string]string{}
	var replies []node
	for _, item := range items {
		n, ok := item.(map[string]any)
		if !ok {
			r.skipped++
			continue
		}
		if parent := node(n).repliesTo(); parent != "" {
			r.parents[node(n).id()] = parent
			replies = append(replies, n)
			continue
		}
		r.mark(n)
	}
	for _, n := range replies {
		r.reply(n)
	}
	for i := range r.marks {
		slices.SortStableFunc(r.marks[i].Replies, func(a, b annotation.ImportedReply) int { return a.Created.Compare(b.Created) })
	}
	return r.reading, nil
}

// itemsOf finds the list of annotations.
func itemsOf(root any) ([]any, bool) {
	for range 4 { // collection, its first page, that one's items
		switch value := root.(type) {
		case []any:
			return value, true
		case map[string]any:
			next, found := any(nil), false
			for _, key := range []string{"items", "first", "rows", "annotations"} {
				if next, found = value[key]; found {
					break
				}
			}
			if !found {
				_, isOne := value["target"]
				return []any{value}, isOne
			}
			root = next
		default:
			return nil, false
		}
	}
	return nil, false
}

type importer struct {
	reading
	pages   []document.PageInfo
	names   map[annotation.Meaning]string
	own     []string          // ids of who imports
	whole   bool              // from an archive, see [FileMarks]
	at      map[string]int    // marks by their id
	parents map[string]string // what replies answer
}

// node is one annotation.
type node map[string]any

// id names an annotation: as its maker does, or else by what it holds.
func (n node) id() string {
	if id := text(n["id"]); id != "" {
		return strings.TrimPrefix(id, "urn:uuid:")
	}
	encoded, err := json.Marshal(n)
	if err != nil {
		return "" // it was read from JSON
	}
	sum := sha256.Sum256(encoded)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// repliesTo is the id of what an annotation answers; empty for one that stands on
// a document.
func (n node) repliesTo() string {
	if references := many(n["references"]); len(references) > 0 { // Hypothesis
		return strings.TrimPrefix(text(references[0]), "urn:uuid:")
	}
	if !slices.ContainsFunc(many(n["motivation"]), func(v any) bool { return text(v) == "replying" }) {
		return ""
	}
	target := n["target"]
	for range 3 {
		switch value := target.(type) {
		case string:
			return strings.TrimPrefix(value, "urn:uuid:")
		case []any:
			if len(value) == 0 {
				return ""
			}
			target = value[0]
		case map[string]any:
			if target = value["source"]; target == nil {
				target = value["id"]
			}
		default:
			return ""
		}
	}
	return ""
}

func (r *importer) mark(n node) {
	m := annotation.Imported{
		OriginKey: n.id(), Origin: annotation.FromImport, Meaning: annotation.Key, Body: n.says(),
		Private: n.private(), Created: n.time("created"), Updated: cmp.Or(n.time("modified"), n.time("updated")), Edited: n.edited(),
		Resolved: n["sk:resolved"] != nil,
	}
	var id string
	m.Author, id = n.creator()
	m.Mine = id != "" && slices.Contains(r.own, id)
	m.Meaning = r.meaning(n)
	p := r.place(n, &m)
	if r.whole {
		p = r.wholePlace(n, &m) || p
	}
	if !p {
		r.skipped++
		return
	}
	// By the annotation's own id: a file may call its mark otherwise.
	if _, twice := r.at[n.id()]; twice {
		r.skipped++
		return
	}
	r.at[n.id()] = len(r.marks)
	r.marks = append(r.marks, m)
}

func (r *importer) reply(n node) {
	parent := n.repliesTo()
	for range 100 { // a reply to a reply is one to the mark
		above, isReply := r.parents[parent]
		if !isReply {
			break
		}
		parent = above
	}
	i, ok := r.at[parent]
	body := n.says()
	if !ok || body == "" {
		r.skipped++
		return
	}
	name, id := n.creator()
	r.marks[i].Replies = append(r.marks[i].Replies, annotation.ImportedReply{
		Mine: id != "" && slices.Contains(r.own, id), Author: name, Body: body, Created: n.time("created"), Edited: n.edited(),
	})
}

// classes are the style classes of an annotation's targets.
func (n node) classes() []string {
	var out []string
	for _, target := range many(n["target"]) {
		if t, ok := target.(map[string]any); ok {
			for _, class := range many(t["styleClass"]) {
				out = append(out, strings.Fields(text(class))...)
			}
		}
	}
	return out
}

// meaning by its class, by a tag that is its key or its name here, or by what
// moved the author.
func (r *importer) meaning(n node) annotation.Meaning {
	for _, class := range n.classes() {
		if meaning := annotation.Meaning(strings.TrimPrefix(class, meaningClass)); strings.HasPrefix(class, meaningClass) && slices.Contains(annotation.Meanings, meaning) {
			return meaning
		}
	}
	for _, tag := range n.tags() {
		for _, meaning := range annotation.Meanings {
			if strings.EqualFold(tag, string(meaning)) || strings.EqualFold(tag, r.names[meaning]) {
				return meaning
			}
		}
	}
	for _, motivation := range many(n["motivation"]) {
		if text(motivation) == "questioning" {
			return annotation.Question
		}
	}
	return annotation.Key
}

func (n node) tags() []string {
	var tags []string
	for _, tag := range many(n["tags"]) { // Hypothesis
		tags = append(tags, text(tag))
	}
	for _, body := range many(n["body"]) {
		if b, ok := body.(map[string]any); ok && text(b["purpose"]) == "tagging" {
			tags = append(tags, text(b["value"]))
		}
	}
	return tags
}

// says is the text of an annotation's bodies.
func (n node) says() string {
	var parts []string
	add := func(value string) {
		if value = strings.TrimSpace(value); value != "" {
			parts = append(parts, value)
		}
	}
	add(text(n["bodyValue"]))
	add(text(n["text"])) // Hypothesis
	for _, body := range many(n["body"]) {
		b, ok := body.(map[string]any)
		if !ok || text(b["purpose"]) == "tagging" {
			continue
		}
		value := text(b["value"])
		if strings.HasPrefix(text(b["format"]), "text/html") {
			value = withoutTags(value)
		}
		add(value)
	}
	return strings.Join(parts, "\n\n")
}

func withoutTags(markup string) string {
	var out strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			out.Write(tokens.Text())
		case html.EndTagToken, html.SelfClosingTagToken, html.StartTagToken:
			if name, _ := tokens.TagName(); slices.Contains([]string{"p", "br", "li", "div"}, string(name)) && out.Len() > 0 {
				out.WriteByte('\n')
			}
		default:
		}
	}
}

// creator gives the name and the id of who made an annotation.
func (n node) creator() (name, id string) {
	for _, creator := range many(n["creator"]) {
		switch c := creator.(type) {
		case string:
			return c, c
		case map[string]any:
			return cmp.Or(text(c["name"]), text(c["nickname"]), text(c["id"])), text(c["id"])
		}
	}
	if info, ok := n["user_info"].(map[string]any); ok { // Hypothesis
		name = text(info["display_name"])
	}
	user := text(n["user"])
	short, _, _ := strings.Cut(strings.TrimPrefix(user, "acct:"), "@")
	return cmp.Or(name, short), user
}

// private tells an annotation that its author alone was to see.
func (n node) private() bool {
	if private, _ := n["sk:private"].(bool); private {
		return true
	}
	permissions, _ := n["permissions"].(map[string]any) // Hypothesis
	readers := many(permissions["read"])
	return len(readers) > 0 && !slices.ContainsFunc(readers, func(v any) bool { return !strings.HasPrefix(text(v), "acct:") })
}

func (n node) time(key string) time.Time {
	t, err := time.Parse(time.RFC3339, text(n[key]))
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}

// edited is when a text was changed after it was written; zero for never.
func (n node) edited() time.Time {
	if at := n.time("modified"); at.After(n.time("created")) {
		return at
	}
	return time.Time{}
}

// place reads an annotation's selectors. One without any is a note on the document.
// ok is false when they say nothing that could be looked for.
func (r *importer) place(n node, m *annotation.Imported) (ok bool) {
	found, whole := place{}, true
	for _, target := range many(n["target"]) {
		if t, ok := target.(map[string]any); ok {
			whole = whole && len(many(t["selector"])) == 0
			for _, selector := range many(t["selector"]) {
				r.selector(selector, 0, &found, 0)
			}
		}
	}
	for _, class := range n.classes() {
		if kind := annotation.Kind(strings.TrimPrefix(class, kindClass)); strings.HasPrefix(class, kindClass) && !strings.HasPrefix(class, meaningClass) {
			m.Kind = kind
		}
	}
	if found.quote.Exact != "" {
		m.Quote = &found.quote
	}
	onText := m.Quote != nil || len(found.ranges) > 0
	switch {
	case len(found.paths) > 0 && (m.Kind == annotation.Ink || m.Kind == ""):
		m.Kind = annotation.Ink
		m.Parts = []annotation.Part{{Page: found.page, Paths: found.paths}}
	case onText && m.Kind != annotation.Underline:
		m.Kind, m.Parts = annotation.Highlight, found.ranges
	case onText:
		m.Parts = found.ranges
	case found.rect != nil:
		if !slices.Contains([]annotation.Kind{annotation.Area, annotation.Note, annotation.Text}, m.Kind) {
			m.Kind = annotation.Area
		}
		m.Parts = []annotation.Part{{Page: found.page, Rect: found.rect}}
	case whole && (m.Kind == annotation.Document || m.Kind == "") && m.Body != "":
		m.Kind = annotation.Document
	default:
		return false
	}
	return true
}

// place is what selectors say together.
type place struct {
	quote  anchoring.Quote
	ranges []annotation.Part
	page   int // of rect and paths
	rect   *pagetext.Rect
	paths  [][]float32
}

// selector reads one, on a page where the selector that it refines names one.
func (r *importer) selector(value any, page int, found *place, depth int) {
	s, ok := value.(map[string]any)
	if !ok || depth > 4 {
		return
	}
	switch text(s["type"]) {
	case "TextQuoteSelector":
		if found.quote.Exact == "" {
			found.quote = anchoring.Quote{Exact: text(s["exact"]), Prefix: text(s["prefix"]), Suffix: text(s["suffix"])}
		}
	case "TextPositionSelector":
		start, okStart := number(s["start"])
		end, okEnd := number(s["end"])
		// Without a page the positions count in a text that is not ours.
		if page > 0 && okStart && okEnd && start <= end && len(found.ranges) == 0 {
			end = max(end, start+1)
			found.ranges = []annotation.Part{{Page: page, Start: &start, End: &end}}
		}
	case "FragmentSelector":
		named, view := parseFragment(text(s["value"]))
		if named < 1 || named > len(r.pages) {
			return
		}
		if page = named; view != nil && found.rect == nil {
			rect := fromView(*view, r.pages[page-1])
			found.page, found.rect = page, &rect
		}
	case "RangeSelector":
		r.selector(s["startSelector"], page, found, depth+1)
	case "SvgSelector":
		if page > 0 && found.paths == nil {
			found.page, found.paths = page, parseSVG(text(s["value"]), r.pages[page-1])
		}
	}
	r.selector(s["refinedBy"], page, found, depth+1)
}

// many is a value that may stand alone or in a list.
func many(value any) []any {
	switch value := value.(type) {
	case nil:
		return nil
	case []any:
		return value
	default:
		return []any{value}
	}
}

func text(value any) string {
	s, _ := value.(string)
	return s
}

func number(value any) (int, bool) {
	n, ok := value.(float64)
	if !ok || n < 0 || n > 1e9 || n != float64(int(n)) {
		return 0, false
	}
	return int(n), true
}
