// Command extract measures Scrollkeeper's extraction beside its peers:
//
//	go run ./bench/extract speed     text and boxes against pdftotext, CPU time
//	go run ./bench/extract hostile   broken files against pdftotext and mutool
//	go run ./bench/extract score     metadata and references against what publishers deposited
//
// Without a name it does all of them. Each takes -h.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/extract"
)

// corpus is the folder of real input: shared/corpus beside the project, or beside
// the folder that it is in.
func corpus() string {
	const folder = "shared/corpus"
	near, far := filepath.Join("..", folder), filepath.Join("..", "..", folder)
	if _, err := os.Stat(near); err != nil {
		if _, err := os.Stat(far); err == nil {
			return far
		}
	}
	return near
}

// papersFolder is the one in the variable PAPERS, or that of the corpus.
func papersFolder() string { return cmp.Or(os.Getenv("PAPERS"), filepath.Join(corpus(), "papers")) }

var measures = []struct {
	name string
	run  func(args []string) error
}{
	{"speed", speed},
	{"hostile", hostile},
	{"score", score},
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == extract.ChildCommand {
		os.Exit(extract.ChildMain())
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench/extract:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) > 0 {
		for _, measure := range measures {
			if measure.name == args[0] {
				return measure.run(args[1:])
			}
		}
		return fmt.Errorf("there is no measure %q: speed, hostile or score", args[0])
	}
	var failures []error
	for _, measure := range measures {
		fmt.Printf("\n%s\n", measure.name)
		if err := measure.run(nil); err != nil {
			fmt.Println("failed:", err)
			failures = append(failures, fmt.Errorf("%s: %w", measure.name, err))
		}
	}
	return errors.Join(failures...)
}

// missing is the error that names the figures below what they must reach; nil
// without any.
func missing(figures []string) error {
	if len(figures) == 0 {
		return nil
	}
	return errors.New(strings.Join(figures, "; "))
}

// papers are the named files, or those of papersFolder.
func papers(named []string) ([]string, error) {
	if len(named) > 0 {
		return named, nil
	}
	return pdfs(papersFolder())
}

func pdfs(folder string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.pdf"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("there are no PDFs in %s", folder)
	}
	return files, err
}
