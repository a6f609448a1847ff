package archive_test

import (
	"fmt"
	"os"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/archive"
	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// BenchmarkOut takes a library of 10,000 works without files out.
func BenchmarkOut(b *testing.B) {
	e := newEnv(b)
	for batch := range 10 {
		items := make([]csl.Item, 1000)
		for i := range items {
			items[i] = csl.Item{
				Type: "article-journal", Title: fmt.Sprintf("On the %d measurements of batch %d and their meaning", i, batch), Issued: csl.NewDate(1950 + i%70),
				Author: []csl.Name{{Family: fmt.Sprintf("Author%d", i), Given: "A. B."}, {Family: "Second", Given: "Carla"}}, ContainerTitle: "Journal of Measurements",
				Volume: "12", Page: "1–20", DOI: fmt.Sprintf("10.1000/%d.%d", batch, i), Abstract: "An abstract that says what was done, and what it means for others who measure.",
			}
		}
		e.works(e.LibraryID, items...)
	}
	for b.Loop() {
		e.out(e.Reader, e.LibraryID, archive.Choice{})
	}
	if name := os.Getenv("ARCHIVE_OUT"); name != "" {
		if err := os.WriteFile(name, e.out(e.Reader, e.LibraryID, archive.Choice{}), 0o600); err != nil {
			b.Fatal(err)
		}
	}
}
