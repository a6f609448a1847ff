package extract

import (
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// BenchmarkParts times what is done with each paper of the folder in the variable
// PAPERS, part by part, in this process: what a profile should look at.
func BenchmarkParts(b *testing.B) {
	files, _ := filepath.Glob(filepath.Join(os.Getenv("PAPERS"), "*.pdf"))
	if len(files) == 0 {
		b.Skip("left out: the variable PAPERS names no folder with PDFs")
	}
	engine, err := newEngine(b.Context(), os.Getenv("EXTRACT_CACHE"), 300<<20)
	if err != nil {
		b.Fatal(err)
	}
	guest, err := engine.newGuest()
	if err != nil {
		b.Fatal(err)
	}
	type paper struct {
		file  *os.File
		size  int64
		pages []rawPage
	}
	c := &childProcess{engine: engine, guest: guest}
	open := func(one *paper) *document {
		doc, err := guest.openDocument(one.file, one.size, "")
		if err != nil {
			b.Fatal(err)
		}
		return doc
	}
	var papers []*paper
	for _, path := range files {
		file, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		info, err := file.Stat()
		if err != nil {
			b.Fatal(err)
		}
		one := &paper{file: file, size: info.Size()}
		doc := open(one)
		for index := range doc.pageCount() {
			raw, err := c.rawPage(doc, index, newAnnotations())
			if err != nil {
				b.Fatal(err)
			}
			raw.glyphs = slices.Clone(raw.glyphs)
			one.pages = append(one.pages, raw)
		}
		doc.close()
		papers = append(papers, one)
	}
	each := func(name string, do func(*paper)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			began := cpuTime()
			for range b.N {
				for _, one := range papers {
					do(one)
				}
			}
			b.ReportMetric(float64((cpuTime()-began).Milliseconds())/float64(b.N), "cpu-ms/op")
		})
	}
	layOutAll := func(one *paper) (list []pageContent) {
		for _, raw := range one.pages {
			content := layOut(slices.Clone(raw.glyphs), raw.rotation, raw.box)
			content.page.Box, content.page.Rotation, content.page.Number, content.links = raw.box, raw.rotation, raw.index+1, raw.links
			list = append(list, content)
		}
		return list
	}
	marks := func(marks func() *annotations) func(one *paper) {
		return func(one *paper) {
			doc := open(one)
			for index := range doc.pageCount() {
				if _, err := c.rawPage(doc, index, marks()); err != nil {
					b.Fatal(err)
				}
			}
			doc.close()
		}
	}
	each("glyphs", marks(func() *annotations { return nil }))
	each("glyphs and marks", marks(newAnnotations))
	each("layout", func(one *paper) { layOutAll(one) })
	content := map[*paper][]pageContent{}
	for _, one := range papers {
		content[one] = layOutAll(one)
	}
	read := func(one *paper, header bool) *reading {
		r := newReading()
		r.pagesOnly = !header
		for _, page := range content[one] {
			r.add(page)
		}
		for r.next() != nil {
		}
		return r
	}
	each("blocks", func(one *paper) { read(one, false) })
	each("blocks and places that cite", func(one *paper) { read(one, true) })
	done := map[*paper]*reading{}
	for _, one := range papers {
		done[one] = read(one, true)
	}
	each("references", func(one *paper) { done[one].references() })
	each("blocks and header", func(one *paper) {
		r := read(one, false)
		doc := open(one)
		r.metadata(doc, one.file, request{Size: one.size})
		doc.close()
	})
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
