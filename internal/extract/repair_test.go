package extract_test

import (
	"bytes"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
)

func TestFilesThatCannotBeOpenedAreRepaired(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	whole := extracttest.PDF("the first page", "the second page")
	for name, data := range map[string][]byte{
		"with a header too far in":       append(bytes.Repeat([]byte(" "), 1024), whole...),
		"behind a printer's lines":       append(bytes.Repeat([]byte("@PJL COMMENT\r\n"), 200), whole...),
		"without a header":               whole[bytes.IndexByte(whole, '\n')+1:],
		"without a header and a trailer": whole[bytes.IndexByte(whole, '\n')+1 : bytes.LastIndex(whole, []byte("xref\n0"))],
		"without a trailer, and with an object of an impossible number": append(
			bytes.Clone(whole[:bytes.LastIndex(whole, []byte("xref\n0"))]), "2147483647 0 obj <</Root 1 0 R>>\nendobj\n"...),
		"without a catalogue and a page tree": bytes.ReplaceAll(bytes.ReplaceAll(whole,
			[]byte("/Type/Catalog"), []byte("/Type/Caterer")), []byte("/Type/Pages"), []byte("/Type/Pagan")),
	} {
		t.Run(name, func(t *testing.T) {
			got := extractPaper(t, pool, write(t, data))
			checkPages(t, got)
			if len(got.pages) != 2 || got.pages[0].Text != "the first page" || got.pages[1].Text != "the second page" {
				t.Errorf("got %+v", got.pages)
			}
			if got.result.Thumbnail == nil {
				t.Error("no thumbnail")
			}
		})
	}
}

func FuzzRepair(f *testing.F) {
	f.Add(extracttest.PDF("one", "two"))
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/Page>>endobj 1 0 obj<</Type/Pages>>endobj 99999999999 0 obj 7 99999 obj /Type/Page"))
	f.Add([]byte("3 0 obj /Contents /MediaBox /Encrypt 4 0 R /ID[<00><11>] stream /Type/Page"))
	f.Fuzz(func(t *testing.T, data []byte) {
		repaired := extract.Repair(data)
		if repaired == nil {
			return
		}
		if !bytes.HasPrefix(repaired, []byte("%PDF-")) || !bytes.Contains(repaired, data) {
			t.Errorf("the file is not within its repaired copy: %q", repaired)
		}
		if again := extract.Repair(data); !bytes.Equal(repaired, again) {
			t.Error("two repairs of a file differ")
		}
	})
}
