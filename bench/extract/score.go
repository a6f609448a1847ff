package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/extract"
)

// score reads the papers of a folder and compares what extraction finds with
// the records that their publisher deposited (truth.jsonl in the same folder, a
// line per paper). What poppler's pdfinfo says of the same files stands beside
// it. The report goes to standard output.
func score(args []string) error {
	flags := flag.NewFlagSet("score", flag.ContinueOnError)
	folder := flags.String("papers", papersFolder(), "folder with PDF files and truth.jsonl")
	child := flags.String("child", "", "scrollkeeper binary to start children from; default: this program")
	jobs := flags.Int("jobs", 2, "files read at once")
	misses := flags.Bool("misses", true, "list what was missed")
	if err := flags.Parse(args); err != nil {
		return err
	}
	truths, err := readTruths(filepath.Join(*folder, "truth.jsonl"))
	if err != nil {
		return err
	}
	cache := extract.UserCacheDir()
	if cache == "" {
		if cache, err = os.MkdirTemp("", "scrollkeeper-bench-"); err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(cache) }()
	}
	config := extract.Config{Executable: *child, CacheDir: cache, Jobs: *jobs}
	if *child != "" {
		config.Args = []string{extract.ChildCommand}
	}
	papers, err := readPapers(config, *folder, truths, *jobs)
	if err != nil {
		return err
	}
	newScorecard(papers).print(os.Stdout, *misses)
	return nil
}

// truth is what the publisher deposited about a paper.
type truth struct {
	File       string           `json:"file"`
	Title      string           `json:"title"`
	DOI        string           `json:"doi"`
	Year       string           `json:"year"`
	Authors    []csl.Name       `json:"authors"`
	References []truthReference `json:"references"`
}

type truthReference struct {
	DOI string `json:"doi"`
}

func readTruths(path string) ([]truth, error) {
	file, err := os.Open(path) //nolint:gosec // a benchmark's own argument
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var list []truth
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var one truth
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, len(list)+1, err)
		}
		list = append(list, one)
	}
	return list, lines.Err()
}

// scoredPaper is a paper as it is and as it was read.
type scoredPaper struct {
	truth  truth
	err    error // ours
	item   csl.Item
	page   csl.Item // by the claims of the pages alone
	result *extract.Result
	peer   peerInfo
}

func readPapers(config extract.Config, folder string, truths []truth, jobs int) ([]scoredPaper, error) {
	pool := extract.NewPool(config)
	defer func() { _ = pool.Close() }()
	papers := make([]scoredPaper, len(truths))
	slots := make(chan struct{}, jobs)
	var group sync.WaitGroup
	for i, one := range truths {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			path := filepath.Join(folder, one.File)
			paper := scoredPaper{truth: one, peer: readPeer(path)}
			paper.result, paper.err = extract.Run(context.Background(), pool, path, extract.Options{NoThumbnail: true})
			if paper.err == nil {
				paper.item = csl.Resolve(paper.result.Metadata)
				paper.page = csl.Resolve(slices.DeleteFunc(slices.Clone(paper.result.Metadata), func(c csl.Claim) bool {
					return c.Source != csl.SourcePage
				}))
			} else {
				paper.result = &extract.Result{}
			}
			papers[i] = paper
		})
	}
	group.Wait()
	if len(papers) == 0 {
		return nil, fmt.Errorf("truth.jsonl names no paper")
	}
	return papers, nil
}

// peerInfo is what pdfinfo says of a file. It offers no references.
type peerInfo struct {
	title, doi, year string
	authors          []string
}

// readPeer asks pdfinfo for the document information with the entries that are
// no standard ones. Poppler keeps a person's names in one string, which is cut
// at commas, semicolons and "and".
func readPeer(path string) peerInfo {
	var info peerInfo
	read := func(options ...string) {
		arguments := append([]string{"-enc", "UTF-8", "-isodates"}, options...)
		out, err := exec.Command("pdfinfo", append(arguments, path)...).Output() //nolint:gosec,noctx // a benchmark's own arguments
		if err != nil {
			return // no word is a miss
		}
		for line := range strings.Lines(string(out)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
			value = strings.TrimSpace(value)
			switch strings.ToLower(key) {
			case "title":
				info.title = value
			case "author":
				for piece := range strings.FieldsFuncSeq(strings.ReplaceAll(value, " and ", ";"), func(r rune) bool { return r == ';' || r == ',' }) {
					info.authors = append(info.authors, strings.TrimSpace(piece))
				}
			case "creationdate":
				info.year = value[:min(4, len(value))]
			case "doi", "wps-articledoi":
				info.doi = strings.ToLower(value)
			}
		}
	}
	read()
	standard := info
	read("-custom") // the further entries, which may repeat these
	standard.doi = info.doi
	return standard
}

// textKey is text as titles and names are compared: in Unicode's form NFKC and
// full case folding, without white space, punctuation, controls and modifier
// symbols (general categories Z, P, C and Sk). Accents, digits and mathematical
// signs count: "Román" is not "Roman", "C++" is not "C".
func textKey(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Z, unicode.P, unicode.C, unicode.Sk) || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, cases.Fold().String(norm.NFKC.String(text)))
}

func sameText(a, b string) bool { return textKey(a) == textKey(b) }

// sameName compares family and given names as they are.
func sameName(got, want csl.Name) bool {
	return sameText(wholeFamily(got), wholeFamily(want)) && sameText(got.Given, want.Given)
}

// wholeFamily is a family name with its particles: records put them on either
// side of the border.
func wholeFamily(n csl.Name) string {
	if n.Literal != "" {
		return n.Literal
	}
	return n.DroppingParticle + n.NonDroppingParticle + n.Family
}

// agreesWithRecord is sameName, but for middle names that the record leaves out:
// this publisher's records up to 2022 have "Lorena" where the paper prints
// "Lorena A.". What the record has must be there.
func agreesWithRecord(got, want csl.Name) bool {
	if !sameText(wholeFamily(got), wholeFamily(want)) {
		return false
	}
	printed, recorded := strings.Fields(got.Given), strings.Fields(want.Given)
	if sameText(got.Given, want.Given) {
		return true
	}
	if len(recorded) == 0 || len(printed) <= len(recorded) {
		return false
	}
	return slices.EqualFunc(printed[:len(recorded)], recorded, sameText)
}

// tally counts what was right.
type tally struct{ right, all int }

func (t *tally) add(right bool) {
	t.all++
	if right {
		t.right++
	}
}

func (t tally) part() float64 { return float64(t.right) / float64(max(t.all, 1)) }

func (t tally) String() string {
	if t.all == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f (%d of %d)", t.part(), t.right, t.all)
}

// f1 of a set that is compared with another.
type f1 struct{ right, found, wanted int }

func (f f1) String() string {
	if f.found+f.wanted == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f (P %.3f, R %.3f)", 2*float64(f.right)/float64(f.found+f.wanted),
		float64(f.right)/float64(max(f.found, 1)), float64(f.right)/float64(max(f.wanted, 1)))
}

// addSets counts members of both, each of wanted once.
func addSets[T any](f *f1, found, wanted []T, same func(a, b T) bool) {
	f.found += len(found)
	f.wanted += len(wanted)
	left := slices.Clone(found)
	for _, one := range wanted {
		if i := slices.IndexFunc(left, func(other T) bool { return same(other, one) }); i >= 0 {
			f.right++
			left = slices.Delete(left, i, i+1)
		}
	}
}

// scorecard is the report.
type scorecard struct {
	papers                                            int
	title, pageTitle, peerTitle                       tally
	authors, strictAuthors, pageAuthors, peerAuthors  tally
	families, peerFamilies                            f1
	orcids                                            tally
	doi, peerDOI, year, peerYear                      tally
	referenceCount, referenceWithinOne, referenceDOIs tally
	falseDOIs                                         int
	misses                                            []string
}

func newScorecard(papers []scoredPaper) *scorecard {
	card := &scorecard{papers: len(papers)}
	for i := range papers {
		card.add(&papers[i])
	}
	return card
}

func (c *scorecard) miss(paper *scoredPaper, field string, got, want any) {
	c.misses = append(c.misses, fmt.Sprintf("%s  %s\n    got  %v\n    want %v", paper.truth.File, field, got, want))
}

func (c *scorecard) add(p *scoredPaper) {
	want := p.truth
	if p.err != nil {
		c.misses = append(c.misses, fmt.Sprintf("%s  not read: %v", want.File, p.err))
	}
	if !sameText(p.item.Title, want.Title) {
		c.miss(p, "title", p.item.Title, want.Title)
	}
	c.title.add(sameText(p.item.Title, want.Title))
	c.pageTitle.add(sameText(p.page.Title, want.Title))
	c.peerTitle.add(sameText(p.peer.title, want.Title))

	if !slices.EqualFunc(p.item.Author, want.Authors, agreesWithRecord) {
		c.miss(p, "authors", differing(p.item.Author, want.Authors), differing(want.Authors, p.item.Author))
	}
	c.authors.add(slices.EqualFunc(p.item.Author, want.Authors, agreesWithRecord))
	c.strictAuthors.add(slices.EqualFunc(p.item.Author, want.Authors, sameName))
	c.pageAuthors.add(slices.EqualFunc(p.page.Author, want.Authors, agreesWithRecord))
	c.peerAuthors.add(slices.EqualFunc(p.peer.authors, want.Authors, func(got string, want csl.Name) bool {
		return sameText(got, want.Given+wholeFamily(want))
	}))
	families := make([]string, 0, len(want.Authors))
	for _, name := range want.Authors {
		families = append(families, wholeFamily(name))
	}
	found := make([]string, 0, len(p.item.Author))
	for _, name := range p.item.Author {
		found = append(found, wholeFamily(name))
	}
	addSets(&c.families, found, families, sameText)
	addSets(&c.peerFamilies, p.peer.authors, families, func(whole, family string) bool {
		return strings.HasSuffix(textKey(whole), textKey(family))
	})

	for _, name := range want.Authors {
		if name.ORCID != "" && slices.ContainsFunc(p.item.Author, func(other csl.Name) bool { return sameText(wholeFamily(other), wholeFamily(name)) }) {
			c.orcids.add(slices.ContainsFunc(p.item.Author, func(other csl.Name) bool { return other.ORCID == name.ORCID }))
		}
	}

	if !strings.EqualFold(p.item.DOI, want.DOI) {
		c.miss(p, "DOI", p.item.DOI, want.DOI)
	}
	c.doi.add(strings.EqualFold(p.item.DOI, want.DOI))
	c.peerDOI.add(strings.EqualFold(p.peer.doi, want.DOI))
	if year := strconv.Itoa(p.item.Year()); year != want.Year {
		c.miss(p, "year", year, want.Year)
	}
	c.year.add(strconv.Itoa(p.item.Year()) == want.Year)
	c.peerYear.add(p.peer.year == want.Year)
	c.addReferences(p)
}

func (c *scorecard) addReferences(p *scoredPaper) {
	difference := len(p.result.References) - len(p.truth.References)
	if difference != 0 {
		c.miss(p, "references", len(p.result.References), len(p.truth.References))
	}
	c.referenceCount.add(difference == 0)
	c.referenceWithinOne.add(difference >= -1 && difference <= 1)
	wanted := map[string]bool{}
	var lost []string
	for _, reference := range p.truth.References {
		doi := strings.ToLower(reference.DOI)
		if doi == "" {
			continue
		}
		wanted[doi] = true
		has := slices.ContainsFunc(p.result.References, func(r extract.Reference) bool { return strings.EqualFold(r.DOI, doi) })
		if !has {
			lost = append(lost, doi)
		}
		c.referenceDOIs.add(has)
	}
	for _, reference := range p.result.References {
		if reference.DOI != "" && !wanted[strings.ToLower(reference.DOI)] {
			c.falseDOIs++
		}
	}
	if len(lost) > 0 {
		c.misses = append(c.misses, fmt.Sprintf("%s  DOIs of references lost: %s", p.truth.File, strings.Join(lost, " ")))
	}
}

// differing lists the names that have no like on the other side, at most ten.
func differing(names, others []csl.Name) string {
	var list []string
	for _, name := range names {
		if !slices.ContainsFunc(others, func(other csl.Name) bool { return agreesWithRecord(name, other) || agreesWithRecord(other, name) }) {
			list = append(list, fmt.Sprintf("%s|%s", wholeFamily(name), name.Given))
		}
	}
	text := strings.Join(list[:min(len(list), 10)], "; ")
	return fmt.Sprintf("%d names: %s", len(names), text)
}

func (c *scorecard) print(out io.Writer, misses bool) {
	row := func(field string, ours, peer fmt.Stringer) {
		_, _ = fmt.Fprintf(out, "%-42s %-34v %v\n", field, ours, peer)
	}
	none := tally{}
	_, _ = fmt.Fprintf(out, "%d papers\n%-42s %-34s %s\n", c.papers, "", "scrollkeeper", "pdfinfo")
	row("title exact", c.title, c.peerTitle)
	row("  from the pages alone", c.pageTitle, none)
	row("authors exact, in order", c.authors, c.peerAuthors)
	row("  given names as short as in the record", c.strictAuthors, none)
	row("  from the pages alone", c.pageAuthors, none)
	row("family names, F1", c.families, c.peerFamilies)
	row("ORCIDs of the record (few papers have them)", c.orcids, none)
	row("DOI", c.doi, c.peerDOI)
	row("year", c.year, c.peerYear)
	row("references counted exactly", c.referenceCount, none)
	row("  within one", c.referenceWithinOne, none)
	row("DOIs of references recalled", c.referenceDOIs, none)
	_, _ = fmt.Fprintf(out, "DOIs of references that the record has not %d (records leave some out)\n", c.falseDOIs)
	if misses && len(c.misses) > 0 {
		_, _ = fmt.Fprintf(out, "\nMissed:\n%s\n", strings.Join(c.misses, "\n"))
	}
}
