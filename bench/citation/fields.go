package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"scrollkeeper.example/scrollkeeper/internal/citation"
	"scrollkeeper.example/scrollkeeper/internal/citation/sequence"
	"scrollkeeper.example/scrollkeeper/internal/citation/specimen"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// fieldNames in the order that they are printed in.
var fieldNames = []string{"author", "title", "container", "year", "volume", "issue", "pages", "publisher", "place"}

// fields of a reference as texts, to compare; authors by their family names.
type fields map[string][]string

func fieldsOf(item csl.Item) fields {
	f := fields{}
	for _, name := range item.Author {
		if name.Family != "" {
			f.add("author", family(name.Family))
		} else {
			f.add("author", name.Literal)
		}
	}
	f.add("title", item.Title)
	f.add("container", item.ContainerTitle)
	if item.Year() > 0 {
		f.add("year", strconv.Itoa(item.Year()))
	}
	f.add("volume", item.Volume)
	f.add("issue", item.Issue)
	f.add("pages", item.Page)
	f.add("publisher", item.Publisher)
	f.add("place", item.PublisherPlace)
	return f
}

func (f fields) add(name, value string) {
	if value = plain(value); value != "" {
		f[name] = append(f[name], value)
	}
}

// family is a family name without particles, which are printed before it or
// behind the given name, and without "Jr.".
func family(name string) string {
	words := strings.Fields(name)
	for len(words) > 1 && strings.ToLower(words[0]) == words[0] {
		words = words[1:]
	}
	for len(words) > 1 && slices.Contains([]string{"jr", "sr", "ii", "iii"}, strings.ToLower(strings.Trim(words[len(words)-1], ",."))) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

// plain leaves letters and digits, as GROBID's soft comparison does.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, pagetext.Fold(text))
}

// f1 counts values found, wanted, and both.
type f1 struct{ right, found, wanted int }

func (s f1) value() float64 {
	return 2 * float64(s.right) / float64(max(s.found+s.wanted, 1))
}

type f1s map[string]*f1

// compare takes each family name for itself and other fields whole.
func (s f1s) compare(got, want fields) {
	for _, name := range fieldNames {
		one := s[name]
		if one == nil {
			one = &f1{}
			s[name] = one
		}
		one.found += len(got[name])
		one.wanted += len(want[name])
		rest := slices.Clone(want[name])
		for _, value := range got[name] {
			if at := slices.Index(rest, value); at >= 0 {
				one.right++
				rest = slices.Delete(rest, at, at+1)
			}
		}
	}
}

func (s f1s) all() f1 {
	var sum f1
	for _, one := range s {
		sum.right += one.right
		sum.found += one.found
		sum.wanted += one.wanted
	}
	return sum
}

// measureParsing compares the model with the rules that it replaced.
func measureParsing(folder string, references map[string][]extract.Reference) error {
	fmt.Println("\nF1 of fields                      model   rules")
	readers := []func(string) csl.Item{citation.Parse, parseByRules}
	for _, held := range []bool{false, true} {
		scores := []f1s{{}, {}}
		random := rand.New(rand.NewPCG(11, 11)) //nolint:gosec // repeatable
		var spent time.Duration
		const count = 3000
		for range count {
			s := specimen.Make(random, held)
			want := wantedOf(s)
			for i, read := range readers {
				begin := cpuTime()
				item := read(s.Text)
				if i == 0 {
					spent += cpuTime() - begin
				}
				scores[i].compare(fieldsOf(item), want)
			}
		}
		name := "made up, styles learnt from"
		if held {
			name = "made up, styles never learnt from"
		}
		print2(fmt.Sprintf("%s, %d references, %v of CPU each", name, count, (spent/count).Round(time.Microsecond)), scores)
	}
	return measureJATS(folder, references, readers)
}

// cpuTime of this process, user and system.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func print2(name string, scores []f1s) {
	fmt.Println(name)
	for _, field := range fieldNames {
		if scores[0][field] != nil && scores[0][field].wanted > 0 {
			fmt.Printf("  %-12s of %6d             %.3f   %.3f\n", field, scores[0][field].wanted, scores[0][field].value(), scores[1][field].value())
		}
	}
	fmt.Printf("  %-12s                       %.3f   %.3f\n", "all", scores[0].all().value(), scores[1].all().value())
}

// wantedOf is what a made-up reference says.
func wantedOf(s specimen.Specimen) fields {
	f := fields{}
	for _, name := range s.Families() {
		f.add("author", family(name))
	}
	f.add("title", s.Part(sequence.Title))
	f.add("container", s.Part(sequence.Container))
	for word := range strings.FieldsFuncSeq(s.Part(sequence.Date), func(r rune) bool { return !unicode.IsDigit(r) }) {
		if len(word) == 4 {
			f["year"] = []string{word}
		}
	}
	f.add("volume", s.Part(sequence.Volume))
	f.add("issue", s.Part(sequence.Issue))
	f.add("pages", s.Part(sequence.Page))
	f.add("publisher", s.Part(sequence.Publisher))
	f.add("place", s.Part(sequence.Place))
	return f
}

// jatsCitation is an element-citation of JATS (ANSI/NISO Z39.96).
type jatsCitation struct {
	Groups []struct {
		Kind  string `xml:"person-group-type,attr"`
		Names []struct {
			Surname string `xml:"surname"`
		} `xml:"name"`
		Bodies []string `xml:"string-name"`
	} `xml:"person-group"`
	Title     string `xml:"article-title"`
	Source    string `xml:"source"`
	Year      string `xml:"year"`
	Volume    string `xml:"volume"`
	Issue     string `xml:"issue"`
	First     string `xml:"fpage"`
	Last      string `xml:"lpage"`
	Publisher string `xml:"publisher-name"`
	Place     string `xml:"publisher-loc"`
	IDs       []struct {
		Kind  string `xml:"pub-id-type,attr"`
		Value string `xml:",chardata"`
	} `xml:"pub-id"`
}

func (c jatsCitation) fields() fields {
	f := fields{}
	for _, group := range c.Groups {
		if group.Kind != "author" {
			continue
		}
		for _, name := range group.Names {
			f.add("author", family(name.Surname))
		}
		for _, body := range group.Bodies {
			f.add("author", body)
		}
	}
	if c.Title != "" {
		f.add("title", c.Title)
		f.add("container", c.Source)
	} else {
		f.add("title", c.Source)
	}
	f.add("year", c.Year)
	f.add("volume", c.Volume)
	f.add("issue", c.Issue)
	f.add("pages", c.First+"–"+c.Last)
	f.add("publisher", c.Publisher)
	f.add("place", c.Place)
	return f
}

// measureJATS compares with what publishers say in full texts. They say things
// that are not printed, and the other way round: such a field counts only where
// its value stands in the printed reference.
func measureJATS(folder string, references map[string][]extract.Reference, readers []func(string) csl.Item) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.jats"))
	if err != nil {
		return err
	}
	scores := []f1s{{}, {}}
	matched, all := 0, 0
	for _, file := range files {
		citations, err := readJATS(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		printed := references[strings.TrimSuffix(filepath.Base(file), ".jats")+".pdf"]
		for _, one := range citations {
			all++
			raw := one.find(printed)
			if raw == "" {
				continue
			}
			matched++
			want := one.fields()
			stands := plain(raw)
			for name, values := range want {
				want[name] = slices.DeleteFunc(values, func(value string) bool { return !strings.Contains(stands, value) })
			}
			for i, read := range readers {
				got := fieldsOf(read(raw))
				if i == 0 && *misses {
					for _, name := range fieldNames {
						if !slices.Equal(got[name], want[name]) {
							fmt.Printf("%s: %q, JATS has %q: %s\n", name, got[name], want[name], raw)
						}
					}
				}
				scores[i].compare(got, want)
			}
		}
	}
	print2(fmt.Sprintf("JATS, %d of %d references are found in the PDFs", matched, all), scores)
	return nil
}

func readJATS(file string) ([]jatsCitation, error) {
	in, err := os.Open(file) //nolint:gosec // a benchmark's own argument
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	decoder := xml.NewDecoder(in)
	decoder.Strict = false
	var out []jatsCitation
	for {
		token, err := decoder.Token()
		if err == io.EOF { //nolint:errorlint // a decoder gives it as it is
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "element-citation" {
			var one jatsCitation
			if err := decoder.DecodeElement(&one, &start); err != nil {
				return nil, err
			}
			out = append(out, one)
		}
	}
}

// find is the printed reference with the title.
func (c jatsCitation) find(printed []extract.Reference) string {
	title := plain(c.Title)
	if title == "" {
		title = plain(c.Source)
	}
	for _, one := range printed {
		if len(title) > 3 && strings.Contains(plain(one.Raw), title) {
			return one.Raw
		}
	}
	for _, one := range printed {
		for _, id := range c.IDs {
			if id.Kind == "doi" && strings.EqualFold(id.Value, one.DOI) {
				return one.Raw
			}
		}
	}
	return ""
}
