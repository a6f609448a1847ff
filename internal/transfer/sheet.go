package transfer

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
)

// sheet is a document with the marks that are taken out.
type sheet struct {
	Title     string
	Item      csl.Item
	Filename  string
	SHA256    []byte
	EditionID uuid.UUID
	At        time.Time
	Link      string // to the document
	Names     map[annotation.Meaning]string
	Marks     []entry  // in the order of the text
	Removed   []string // marks in the file that were deleted here, by their names in it

	pages []document.PageInfo
	whole bool // for an archive
}

// entry is one mark.
type entry struct {
	annotation.Annotation
	Label   string // of its page; empty for a mark without a place
	Link    string
	Meant   string // the meaning's name; a note on the document has none
	Answers []annotation.Reply
}

func (s *sheet) entry(mark annotation.Annotation) entry {
	e := entry{Annotation: mark, Link: s.Link + "#a=" + mark.ID.String(), Meant: s.Names[mark.Meaning]}
	if e.Kind == annotation.Document {
		e.Meant = "Note"
	}
	if page := e.page(); page > 0 {
		e.Label = s.label(page)
	}
	for _, reply := range mark.Replies {
		if reply.DeletedAt == nil {
			e.Answers = append(e.Answers, reply)
		}
	}
	return e
}

// page is where the mark begins, from 1; 0 for a mark without a place.
func (e *entry) page() int {
	if len(e.Anchor.Parts) == 0 {
		return 0
	}
	return e.Anchor.Parts[0].Page
}

// label is what the file calls a page.
func (s *sheet) label(page int) string {
	if page >= 1 && page <= len(s.pages) && s.pages[page-1].Label != "" {
		return s.pages[page-1].Label
	}
	return strconv.Itoa(page)
}

// Quoted is what the marked text says; empty for a mark on no text.
func (e *entry) Quoted() string {
	if !e.Kind.OnText() {
		return ""
	}
	return e.Anchor.Exact
}

// Place is the mark's page for people to read.
func (e *entry) Place() string {
	if e.Kind == annotation.Document {
		return "on the whole document"
	}
	if e.Label == "" {
		return "no place in this file"
	}
	return "p. " + e.Label
}

// part is a stretch of a summary.
type part struct {
	Heading string
	Marks   []entry
}

// parts divides the marks, each part in the order of the text.
func (s *sheet) parts(by Group) []part {
	type key struct {
		order int
		name  string
	}
	of := func(e entry) key {
		switch by {
		case ByPerson:
			return key{0, cmp.Or(e.Author.Name, "Unknown")}
		case ByMeaning:
			if e.Kind == annotation.Document {
				return key{-1, "Notes"}
			}
			return key{slices.Index(annotation.Meanings, e.Meaning), e.Meant}
		default:
			if e.Kind == annotation.Document {
				return key{0, "Notes"}
			}
			if page := e.page(); page > 0 {
				return key{page, "Page " + e.Label}
			}
			return key{1 << 30, "Without a place in this file"}
		}
	}
	at := map[key]int{}
	var keys []key
	var parts []part
	for _, e := range s.Marks {
		k := of(e)
		i, ok := at[k]
		if !ok {
			i = len(parts)
			at[k] = i
			keys = append(keys, k)
			parts = append(parts, part{Heading: k.name})
		}
		parts[i].Marks = append(parts[i].Marks, e)
	}
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(keys[a].order, keys[b].order), strings.Compare(strings.ToLower(keys[a].name), strings.ToLower(keys[b].name)))
	})
	sorted := make([]part, len(parts))
	for i, from := range order {
		sorted[i] = parts[from]
	}
	return sorted
}

// Source is the work in one line, as far as it is known.
func (s *sheet) Source() string {
	var authors []string
	for _, name := range s.Item.Author {
		authors = append(authors, name.String())
	}
	if len(authors) > 6 {
		authors = append(authors[:6], "et al.")
	}
	var parts []string
	for _, one := range []string{strings.Join(authors, ", "), s.Item.ContainerTitle, year(s.Item)} {
		if one != "" {
			parts = append(parts, one)
		}
	}
	if s.Item.DOI != "" {
		parts = append(parts, "https://doi.org/"+s.Item.DOI)
	}
	return strings.Join(parts, ". ")
}

func year(item csl.Item) string {
	if n := item.Year(); n != 0 {
		return strconv.Itoa(n)
	}
	return ""
}

// day is a date for people to read.
func day(t time.Time) string { return t.UTC().Format("2 January 2006") }

// mention is a person as they are named in a text.
var mention = regexp.MustCompile(`@\[([^\]\n]{1,200})\]\(person:[0-9a-fA-F-]{36}\)`)

// spoken is a text with people's names in place of their ids.
func spoken(body string) string { return mention.ReplaceAllString(body, "@$1") }
