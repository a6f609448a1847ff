package search

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Filter is a condition on a document or on its marks, such as author:silva.
type Filter struct {
	Field string
	Value string // as it was written, without quotation marks
	Not   bool
	// Start and End are where it stands in the query, in code points, half open.
	Start, End int

	from, to int // of a year
}

// fields are the filters' names. Anything else before a colon is a word.
var fields = []string{"author", "title", "year", "by", "color", "has", "in", "tag"}

func isField(name string) bool { return slices.Contains(fields, strings.ToLower(name)) }

// meanings are the colours of marks and the meanings that they stand for.
var meanings = map[string]string{
	"yellow": "key", "blue": "method", "purple": "question", "red": "disagree", "green": "quote",
	"key": "key", "method": "method", "question": "question", "disagree": "disagree", "quote": "quote",
}

// seen is what somebody may know of: not deleted, and their own or shared.
const seen = "a.deleted_at IS NULL AND (NOT a.private OR a.author_id = @person)"

// has are the things that a document may have, as conditions on d.
var has = map[string]string{
	"file":      "EXISTS (SELECT FROM editions h WHERE h.document_id = d.id AND h.state = 'ready')",
	"doi":       "d.csl ? 'DOI'",
	"abstract":  "d.csl ? 'abstract'",
	"year":      "d.year IS NOT NULL",
	"author":    "d.csl ? 'author'",
	"mark":      "EXISTS (SELECT FROM annotations a WHERE a.document_id = d.id AND " + seen + ")",
	"highlight": "EXISTS (SELECT FROM annotations a WHERE a.document_id = d.id AND a.kind = 'highlight' AND " + seen + ")",
	"note":      "EXISTS (SELECT FROM annotations a WHERE a.document_id = d.id AND a.kind IN ('note', 'text') AND " + seen + ")",
	"comment":   "EXISTS (SELECT FROM annotations a WHERE a.document_id = d.id AND a.body <> '' AND " + seen + ")",
}

var years = regexp.MustCompile(`^(\d{1,4})?(\.\.)?(\d{1,4})?$`)

func (f Filter) fault(code, message string, args ...any) error {
	return fault.New(fault.Invalid, code, fmt.Sprintf(message, args...)+fmt.Sprintf(" It stands at character %d.", f.Start+1)).With("at", f.Start)
}

// filter gives the filter that a token is; false for words.
func (t token) filter() (Filter, bool, error) {
	if t.field == "" {
		return Filter{}, false, nil
	}
	f := Filter{Field: t.field, Value: strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(t.text, "\x00", ""), "")), Not: t.not, Start: t.start, End: t.end}
	if f.Value == "" {
		return f, true, f.fault("filter_without_value", "“%s:” needs a value, without a space before it.", f.Field)
	}
	switch f.Field {
	case "year":
		m := years.FindStringSubmatch(f.Value)
		if m == nil || m[1] == "" && m[3] == "" {
			return f, true, f.fault("bad_year", "“%.40s” is no year. Write year:2019, year:2019..2023, year:2019.. or year:..2023.", f.Value)
		}
		// At most four digits.
		f.from, _ = strconv.Atoi(m[1])
		f.to, _ = strconv.Atoi(m[3])
		switch {
		case m[2] == "":
			f.to = f.from
		case m[3] == "":
			f.to = 9999
		}
		if f.from > f.to {
			return f, true, f.fault("bad_year", "The years of “year:%s” are the wrong way round.", f.Value)
		}
	case "color":
		if meanings[strings.ToLower(f.Value)] == "" {
			return f, true, f.fault("unknown_color", "No mark has the colour “%.40s”. There are yellow, blue, purple, red and green, or key, method, question, disagree and quote.", f.Value)
		}
	case "has":
		if has[strings.ToLower(f.Value)] == "" {
			return f, true, f.fault("unknown_has", "“has:%.40s” is not known. There are file, doi, abstract, year, author, mark, highlight, note and comment.", f.Value)
		}
	case "author", "title":
		if f.words() == "" {
			return f, true, f.fault("filter_without_value", "“%s:” needs a word.", f.Field)
		}
	}
	return f, true, nil
}

// words is the value as a phrase for to_tsquery.
func (f Filter) words() string {
	terms := document.Terms(f.Value)
	words := make([]string, min(len(terms), maxWords))
	for i := range words {
		words[i] = "'" + terms[i].Text + "'"
	}
	return strings.Join(words, " <-> ")
}

// onMark reports whether the filter says which marks are meant.
func (f Filter) onMark() bool { return !f.Not && (f.Field == "by" || f.Field == "color") }

// condition is the filter in SQL: on a document d, or, for one that says which
// marks are meant, on a mark a. n makes its parameters' names its own.
func (f Filter) condition(n int, args pgx.NamedArgs) string {
	name := fmt.Sprintf("f%d", n)
	switch f.Field {
	case "author":
		args[name] = f.words()
		return `d.listing_tsv @@ to_tsquery('scrollkeeper', @` + name + `) AND EXISTS (
			SELECT FROM jsonb_array_elements(CASE jsonb_typeof(d.csl->'author') WHEN 'array' THEN d.csl->'author' END) n
			WHERE search_vector(concat_ws(' ', n->>'given', n->>'non-dropping-particle', n->>'family', n->>'literal')) @@ to_tsquery('scrollkeeper', @` + name + `))`
	case "title":
		args[name] = f.words()
		return `d.listing_tsv @@ to_tsquery('scrollkeeper', @` + name + `) AND search_vector(d.title) @@ to_tsquery('scrollkeeper', @` + name + `)`
	case "year":
		args[name], args[name+"_to"] = f.from, f.to
		return "d.year BETWEEN @" + name + " AND @" + name + "_to"
	case "by":
		args[name] = f.Value
		if strings.EqualFold(f.Value, "me") {
			return "a.author_id = @person"
		}
		return "position(lower(@" + name + ") IN lower(coalesce((SELECT p.name FROM people p WHERE p.id = a.author_id), a.author_name))) > 0"
	case "color":
		args[name] = meanings[strings.ToLower(f.Value)]
		return "a.meaning = @" + name
	case "tag":
		args[name] = f.Value
		return `d.id IN (SELECT x.document_id FROM document_tags x JOIN tags t ON t.id = x.tag_id
			WHERE t.library_id = ANY(@libraries::uuid[]) AND t.deleted_at IS NULL AND lower(t.name) = lower(@` + name + `))`
	case "in":
		args[name] = f.Value
		return `d.id IN (SELECT x.document_id FROM document_collections x WHERE x.collection_id IN (
			WITH RECURSIVE under AS (
				SELECT c.id FROM collections c WHERE c.library_id = ANY(@libraries::uuid[]) AND c.deleted_at IS NULL AND lower(c.name) = lower(@` + name + `)
				UNION SELECT c.id FROM under u JOIN collections c ON c.parent_id = u.id AND c.deleted_at IS NULL
			) SELECT id FROM under))`
	}
	return has[strings.ToLower(f.Value)]
}

// documentCondition is what the filters ask of a document d.
func (a alternative) documentCondition(args pgx.NamedArgs) string {
	where, onMarks := "true", ""
	for _, f := range a.filters {
		n := len(args)
		c := f.condition(n, args)
		switch {
		case f.onMark():
			onMarks += " AND " + c
		case f.Field == "by" || f.Field == "color":
			where += " AND NOT EXISTS (SELECT FROM annotations a WHERE a.document_id = d.id AND " + seen + " AND " + c + ")"
		case f.Not:
			where += " AND (" + c + ") IS NOT TRUE"
		default:
			where += " AND (" + c + ")"
		}
	}
	if onMarks != "" {
		where += " AND d.id IN (SELECT a.document_id FROM annotations a WHERE a.library_id = ANY(@libraries::uuid[]) AND " + seen + onMarks + ")"
	}
	return where
}

// markCondition is what the filters ask of a mark a itself.
func (a alternative) markCondition(args pgx.NamedArgs) string {
	where := []string{"true"}
	for _, f := range a.filters {
		if f.onMark() {
			where = append(where, f.condition(len(args), args))
		}
	}
	return strings.Join(where, " AND ")
}

// scope is where an alternative looks: everywhere, in few documents, or in those
// that fit its filters.
type scope struct {
	all, few  bool
	documents []uuid.UUID // where they are few
}

// scopes finds out which alternatives' filters leave few documents. Those are looked
// for first and once; a filter that leaves many is asked of the documents whose
// pages come up, which are fewer.
func (s *Service) scopes(ctx context.Context, tx *postgres.Tx, q asked) ([]scope, error) {
	list := make([]scope, len(q.alternatives))
	for i, a := range q.alternatives {
		if len(a.filters) == 0 {
			list[i].all = true
			continue
		}
		if err := s.known(ctx, tx, q.libraryIDs, a.filters); err != nil {
			return nil, err
		}
		if !a.hasWords() {
			continue // the documents themselves are asked for
		}
		args := q.args()
		rows, err := tx.Query(ctx, `SELECT d.id FROM documents d WHERE `+q.within("d")+` AND d.trashed_at IS NULL AND `+a.documentCondition(args)+
			` LIMIT `+strconv.Itoa(few+1), args)
		if err != nil {
			return nil, postgres.Fault(fmt.Errorf("filter documents: %w", err))
		}
		if list[i].documents, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err != nil {
			return nil, postgres.Fault(fmt.Errorf("filter documents: %w", err))
		}
		list[i].few = len(list[i].documents) <= few
	}
	return list, nil
}

// known refuses names that nothing has: silence would look like an answer.
func (s *Service) known(ctx context.Context, tx postgres.DBTX, libraryIDs []uuid.UUID, filters []Filter) error {
	for _, f := range filters {
		var ok bool
		var err error
		switch f.Field {
		case "tag":
			ok, err = s.q.TagKnown(ctx, tx, libraryIDs, f.Value)
		case "in":
			ok, err = s.q.CollectionKnown(ctx, tx, libraryIDs, f.Value)
		case "by":
			if ok = strings.EqualFold(f.Value, "me"); !ok {
				ok, err = s.q.PersonKnown(ctx, tx, libraryIDs, f.Value)
			}
		default:
			ok = true
		}
		if err != nil {
			return postgres.Fault(fmt.Errorf("look for %s %q: %w", f.Field, f.Value, err))
		}
		if !ok {
			refusal := unknown[f.Field]
			return f.fault(refusal.code, refusal.message, f.Value)
		}
	}
	return nil
}

// unknown is what is said of names that nothing has.
var unknown = map[string]struct{ code, message string }{
	"tag": {"unknown_tag", "No tag here is called “%.80s”."},
	"in":  {"unknown_collection", "No collection here is called “%.80s”."},
	"by":  {"unknown_person", "Nobody here is called “%.80s”."},
}
