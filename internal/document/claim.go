package document

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// filenameConfidence is below every other source's, so a file's name is the
// title only while nothing else is known.
const filenameConfidence = 0.05

// maxClaim bounds a claim's value in bytes. A hostile file may hold megabytes
// of "title"; the longest honest value is an abstract or 3,000 authors.
const maxClaim = 256 << 10

// storableClaim is the claim in a form that PostgreSQL takes, or reports that
// there is none: jsonb knows neither NUL nor half a surrogate pair.
func storableClaim(c csl.Claim) (csl.Claim, bool) {
	if c.Field == "" || len(c.Field) > 64 || len(c.Value) > maxClaim || !(c.Confidence >= 0 && c.Confidence <= 1) || !c.Fits() {
		return c, false
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(c.Value))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return c, false
	}
	encoded, err := json.Marshal(value)
	if err != nil || bytes.Contains(encoded, []byte(`\u0000`)) {
		return c, false
	}
	c.Value = encoded
	return c, true
}

// strongest keeps one claim for each field and source, since a file may say
// the same thing twice, and drops those that cannot be stored.
func strongest(claims []csl.Claim) []csl.Claim {
	type key struct {
		field  string
		source csl.Source
	}
	kept := map[key]csl.Claim{}
	for _, c := range claims {
		c, ok := storableClaim(c)
		if !ok {
			continue
		}
		k := key{c.Field, c.Source}
		if held, ok := kept[k]; !ok || c.Outweighs(held) {
			kept[k] = c
		}
	}
	list := make([]csl.Claim, 0, len(kept))
	for _, c := range kept {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b csl.Claim) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Source, b.Source))
	})
	return list
}

// markShown says of each field which claim csl.Resolve chooses.
func markShown(claims []Claim) {
	best := map[string]*Claim{}
	for i := range claims {
		c := &claims[i]
		if held, ok := best[c.Field]; c.Fits() && (!ok || c.Outweighs(held.Claim)) {
			best[c.Field] = c
		}
	}
	for _, c := range best {
		c.Shown = true
	}
}

func plain(claims []Claim) []csl.Claim {
	list := make([]csl.Claim, len(claims))
	for i, c := range claims {
		list[i] = c.Claim
	}
	return list
}

// derived is what a document's claims add up to.
type derived struct {
	title   string
	year    *int32
	item    csl.Item
	listing string
}

// derive chooses one claim for each variable.
func derive(id uuid.UUID, claims []csl.Claim) derived {
	item := csl.Resolve(claims)
	item.ID = id.String()
	item.Title = cleanTitle(item.Title)
	if item.Title == "" {
		item.Title = "Untitled"
	}
	d := derived{title: cleanTitle(csl.Plain(item.Title)), item: item, listing: listing(item)}
	if d.title == "" {
		d.title = "Untitled"
	}
	if year := int32(item.Year()); year > 0 && year < 10_000 {
		d.year = &year
	}
	return d
}

// listing is what the list is sorted and filtered by: the title's words, then
// the authors'.
func listing(item csl.Item) string {
	var text strings.Builder
	text.WriteString(csl.Plain(item.Title))
	for _, name := range item.Author[:min(len(item.Author), maxListedAuthors)] {
		text.WriteString("\n" + cutRunes(name.String(), maxTitle))
	}
	return indexed(text.String())
}
