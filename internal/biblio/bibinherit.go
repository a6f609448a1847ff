package biblio

import (
	"maps"
	"slices"
	"strings"
)

// inherit gives an entry the fields of those that it names in crossref and
// xdata. Entries that it names may come later in the file.
func (b *bibReader) inherit(e *bibEntry) {
	if mayBeParent[e.kind] && e.key != "" && len(b.parents) < maxParents {
		small := &bibEntry{kind: e.kind, key: e.key, fields: map[string]string{}}
		for _, name := range e.order {
			if value := e.fields[name]; len(value) < 2000 {
				small.set(name, value)
			}
		}
		b.parents[strings.ToLower(e.key)] = small
	}
	if names := parentsOf(e); len(names) > 0 {
		for _, name := range names {
			if b.parents[strings.ToLower(name)] == nil {
				b.waiting = append(b.waiting, e)
				return
			}
		}
	}
	b.emit(e)
}

// inheritRest is for the entries whose parents came after them.
func (b *bibReader) inheritRest() {
	for _, e := range b.waiting {
		b.emit(e)
	}
	b.waiting = nil
}

var mayBeParent = map[string]bool{
	"book": true, "collection": true, "proceedings": true, "mvbook": true, "mvcollection": true, "mvproceedings": true,
	"reference": true, "mvreference": true, "periodical": true, "xdata": true, "set": true, "misc": true, "inproceedings": true,
}

func parentsOf(e *bibEntry) []string {
	var names []string
	for _, field := range []string{"crossref", "xdata"} {
		for name := range strings.SplitSeq(e.fields[field], ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

func (b *bibReader) emit(e *bibEntry) {
	if e.kind == "xdata" || e.kind == "set" {
		return // holds data for others only
	}
	b.take(e, parentsOf(e), map[string]bool{strings.ToLower(e.key): true})
	b.found(b.record(e))
}

// maxAncestors an entry takes fields from, over all its lines of descent.
const maxAncestors = 100

// take copies the fields that an entry does not have; seen guards against
// entries that take from each other.
func (b *bibReader) take(e *bibEntry, names []string, seen map[string]bool) {
	for _, name := range names {
		key := strings.ToLower(name)
		parent := b.parents[key]
		if parent == nil {
			b.problem(e.line, e.key, "the entry %q, from which it takes fields, is not in the file", name)
			continue
		}
		if seen[key] {
			b.problem(e.line, e.key, "it takes fields from itself by way of %q", name)
			continue
		}
		if len(seen) > maxAncestors {
			b.problem(e.line, e.key, "it takes fields from more than %d entries; %q and those behind it are left out", maxAncestors, name)
			return
		}
		seen[key] = true
		whole := &bibEntry{kind: parent.kind, key: e.key, line: e.line, fields: maps.Clone(parent.fields), order: slices.Clone(parent.order)}
		b.take(whole, parentsOf(parent), seen)
		for _, field := range whole.order {
			if to := inherited(field, whole.kind, e.kind); to != "" {
				if _, has := e.fields[to]; !has {
					e.set(to, whole.fields[field])
				}
			}
		}
	}
}

// inherited is the field that a parent's field becomes (biblatex manual,
// Appendix B), or empty.
func inherited(field, parent, child string) string {
	if parent == "xdata" {
		return field
	}
	switch field {
	case "crossref", "xref", "xdata", "ids", "entryset", "execute", "label", "options", "presort", "related", "relatedtype", "relatedoptions",
		"relatedstring", "shorthand", "sortkey", "sorttitle", "keywords", "abstract", "annotation", "annote", "file", "note", "shorttitle", "doi", "url", "urldate", "pages":
		return ""
	case "title", "subtitle", "titleaddon":
		prefix := ""
		switch {
		case parent == "periodical":
			prefix = "journal"
		case strings.HasPrefix(parent, "mv"):
			prefix = "main"
		case strings.HasPrefix(child, "in") || strings.HasPrefix(child, "supp") || child == "conference":
			prefix = "book"
		default:
			return ""
		}
		return prefix + field
	case "author":
		if child == "inbook" || child == "bookinbook" || child == "suppbook" {
			return "bookauthor"
		}
		if strings.HasPrefix(child, "in") {
			return ""
		}
	}
	return field
}
