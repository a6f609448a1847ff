// Command citation measures how well references are found, divided and read.
//
//	go run ./bench/citation [-misses] ../shared/corpus/papers
//
// The folder holds PDFs, truth.jsonl with the references that the publisher
// deposited, and the JATS full text of some. It prints, for the papers, how often
// the number of references is exact, how many of the deposited DOIs are found and
// how many are printed at all, and how citations in the text meet references.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == extract.ChildCommand {
		os.Exit(extract.ChildMain())
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench/citation:", err)
		os.Exit(1)
	}
}

var (
	misses = flag.Bool("misses", false, "list what is missed")
	dump   = flag.String("dump", "", "write each paper's references as JSON lines to this file")
)

func run() error {
	flag.Parse()
	folder := filepath.Join("..", "shared", "corpus", "papers")
	if flag.NArg() > 0 {
		folder = flag.Arg(0)
	}
	truths, err := readTruths(filepath.Join(folder, "truth.jsonl"))
	if os.IsNotExist(err) {
		fmt.Println("Left out: there is no", filepath.Join(folder, "truth.jsonl"))
		return nil
	}
	if err != nil {
		return err
	}
	references, err := measurePapers(folder, truths)
	if err != nil {
		return err
	}
	return measureParsing(folder, references)
}

// truth is what the publisher deposited about a paper.
type truth struct {
	File       string `json:"file"`
	References []struct {
		DOI string `json:"doi"`
		Raw string `json:"raw"`
	} `json:"references"`
}

func readTruths(path string) ([]truth, error) {
	file, err := os.Open(path) //nolint:gosec // a benchmark's own argument
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var truths []truth
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var one truth
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return nil, err
		}
		truths = append(truths, one)
	}
	return truths, lines.Err()
}

// ratio counts what was right.
type ratio struct{ right, all int }

func (r *ratio) add(right bool) {
	r.all++
	if right {
		r.right++
	}
}

func (r ratio) String() string {
	return fmt.Sprintf("%4d of %4d  %.3f", r.right, r.all, float64(r.right)/float64(max(r.all, 1)))
}

// measurePapers gives the references found in each file.
func measurePapers(folder string, truths []truth) (map[string][]extract.Reference, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	pool := extract.NewPool(extract.Config{CacheDir: filepath.Join(cache, "scrollkeeper-bench"), Jobs: 1})
	defer func() { _ = pool.Close() }()
	var dumped *json.Encoder
	if *dump != "" {
		file, err := os.Create(*dump)
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }()
		dumped = json.NewEncoder(file)
	}
	var exact, near, recalled, printed, ofPrinted, cited ratio
	places := 0
	references := map[string][]extract.Reference{}
	for _, want := range truths {
		var text strings.Builder
		result, err := extract.Run(context.Background(), pool, filepath.Join(folder, want.File), extract.Options{
			NoThumbnail: true,
			OnPage: func(page pagetext.Page) error {
				text.WriteString(page.Text)
				return nil
			},
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", want.File, err)
		}
		references[want.File] = result.References
		if dumped != nil {
			if err := dumped.Encode(map[string]any{"file": want.File, "want": len(want.References), "references": result.References}); err != nil {
				return nil, err
			}
		}
		difference := len(result.References) - len(want.References)
		exact.add(difference == 0)
		near.add(difference >= -1 && difference <= 1)
		if difference != 0 && *misses {
			fmt.Printf("%s: %d references, deposited are %d\n", want.File, len(result.References), len(want.References))
		}
		places += len(result.Citations)
		reached := map[int]bool{}
		for _, one := range result.Citations {
			for _, i := range one.References {
				reached[i] = true
			}
		}
		for i, one := range result.References {
			cited.add(reached[i])
			if !reached[i] && *misses {
				fmt.Printf("%s: nothing cites %s\n", want.File, one.Raw)
			}
		}
		found := map[string]bool{}
		for _, one := range result.References {
			found[strings.ToLower(one.DOI)] = true
		}
		shown := dense(text.String())
		for _, one := range want.References {
			if one.DOI == "" {
				continue
			}
			doi := strings.ToLower(one.DOI)
			recalled.add(found[doi])
			stands := strings.Contains(shown, doi)
			printed.add(stands)
			if stands {
				ofPrinted.add(found[doi])
			}
			if !found[doi] && *misses {
				fmt.Printf("%s: DOI %s is missed (printed: %v)\n", want.File, doi, stands)
			}
		}
	}
	fmt.Printf("%-44s %v\n", "papers whose number of references is exact", exact)
	fmt.Printf("%-44s %v\n", "… is right within one", near)
	fmt.Printf("%-44s %v\n", "deposited DOIs that are found", recalled)
	fmt.Printf("%-44s %v\n", "deposited DOIs that are printed", printed)
	fmt.Printf("%-44s %v\n", "of those printed, found", ofPrinted)
	fmt.Printf("%-44s %v\n", "references that a place in the text cites", cited)
	fmt.Printf("%-44s %4d\n", "places in the text that cite one", places)
	return references, nil
}

// dense is text in small letters without white space, in which a DOI is found
// that a line's end has cut.
func dense(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}
