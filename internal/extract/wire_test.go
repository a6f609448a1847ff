package extract_test

import (
	"bufio"
	"bytes"
	"math"
	"reflect"
	"testing"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

var samplePage = pagetext.Page{
	Number: 3, Label: "iii", Box: pagetext.Rect{0, 0, 612, 792}, Rotation: 90, Text: "zwei Wörter",
	Words: []pagetext.Word{
		{Start: 0, End: 4, Boxes: []pagetext.Rect{{1, 2, 3, 4}}},
		{Start: 5, End: 11, Boxes: []pagetext.Rect{{-1, 2, 3, 4.5}, {5, 6, 7, 8}}},
	},
	Blocks: []pagetext.Block{
		{Kind: pagetext.Heading, Level: 2, Start: 0, End: 4, Box: pagetext.Rect{1, 2, 3, 4}},
		{Kind: pagetext.Reference, Start: 5, End: 11, Box: pagetext.Rect{-1, 2, 7, 8}},
	},
}

func TestPagesKeepEverythingOnTheWire(t *testing.T) {
	for _, page := range []pagetext.Page{samplePage, {Number: 1, Words: []pagetext.Word{}, Blocks: []pagetext.Block{}}} {
		got, err := extract.DecodePage(extract.AppendPage(nil, page))
		if err != nil || !reflect.DeepEqual(got, page) {
			t.Errorf("got %+v, %v", got, err)
		}
	}
}

func TestImpossiblePagesAreRefused(t *testing.T) {
	change := func(how func(*pagetext.Page)) pagetext.Page {
		page := samplePage
		page.Words = []pagetext.Word{{Start: 0, End: 4, Boxes: []pagetext.Rect{{1, 2, 3, 4}}}}
		how(&page)
		return page
	}
	for name, page := range map[string]pagetext.Page{
		"no number":            change(func(p *pagetext.Page) { p.Number = 0 }),
		"odd rotation":         change(func(p *pagetext.Page) { p.Rotation = 45 }),
		"text with a zero":     change(func(p *pagetext.Page) { p.Text = "zwei\x00Wörter" }),
		"text not UTF-8":       change(func(p *pagetext.Page) { p.Text = "zwei \xff" }),
		"word past the text":   change(func(p *pagetext.Page) { p.Words[0].End = 40 }),
		"empty word":           change(func(p *pagetext.Page) { p.Words[0].End = 0 }),
		"box without a number": change(func(p *pagetext.Page) { p.Words[0].Boxes[0][0] = float32(math.NaN()) }),
		"box inside out":       change(func(p *pagetext.Page) { p.Words[0].Boxes[0][0] = 9 }),
	} {
		if _, err := extract.DecodePage(extract.AppendPage(nil, page)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	whole := extract.AppendPage(nil, samplePage)
	for length := range whole {
		if _, err := extract.DecodePage(whole[:length]); err == nil {
			t.Errorf("cut at %d: taken", length)
		}
	}
	if _, err := extract.DecodePage(append(whole, 0)); err == nil {
		t.Error("with a byte too many: taken")
	}
}

func FuzzDecodePage(f *testing.F) {
	f.Add(extract.AppendPage(nil, samplePage))
	f.Add([]byte{1, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		page, err := extract.DecodePage(data)
		if err != nil {
			return
		}
		length, end := utf8.RuneCountInString(page.Text), 0
		for _, word := range page.Words {
			if word.Start < end || word.End <= word.Start || word.End > length {
				t.Fatalf("word %+v in a text of %d", word, length)
			}
			end = word.End
		}
		again, err := extract.DecodePage(extract.AppendPage(nil, page))
		if err != nil || !reflect.DeepEqual(again, page) {
			t.Fatalf("%+v, then %+v, %v", page, again, err)
		}
	})
}

func TestRawPagesKeepEverythingOnTheWire(t *testing.T) {
	sample := extract.SampleRawPage()
	// A field that is added must be sent, or a long document loses it.
	if unset := extract.UnsetFields(sample); len(unset) > 0 {
		t.Errorf("the sample says nothing in %v", unset)
	}
	data, err := extract.AppendRawPage(sample)
	if err != nil {
		t.Fatal(err)
	}
	got, err := extract.DecodeRawPage(data)
	if err != nil || !reflect.DeepEqual(got, sample) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, sample)
	}
	for length := range data {
		if _, err := extract.DecodeRawPage(data[:length]); err == nil {
			t.Errorf("cut at %d: taken", length)
		}
	}
}

func FuzzDecodeRawPage(f *testing.F) {
	data, err := extract.AppendRawPage(extract.SampleRawPage())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte{1, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		raw, err := extract.DecodeRawPage(data)
		if err != nil {
			return
		}
		again, err := extract.AppendRawPage(raw)
		if err != nil {
			t.Fatal(err)
		}
		third, err := extract.DecodeRawPage(again)
		if err != nil || !reflect.DeepEqual(third, raw) {
			t.Fatalf("%+v, then %+v, %v", raw, third, err)
		}
	})
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte("%PDF-1.7"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if extract.SniffPDF(data) != extract.SniffPDF(data[:min(len(data), extract.SniffLength)]) {
			t.Error("more than the first bytes count")
		}
	})
}

func FuzzReadFrame(f *testing.F) {
	whole, err := extract.WriteFrame(4, []byte("payload"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte{0, 0, 0, 0, 9, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		kind, payload, err := extract.ReadFrame(bufio.NewReader(bytes.NewReader(data)))
		if err != nil {
			return
		}
		again, err := extract.WriteFrame(kind, payload)
		if err != nil || !bytes.HasPrefix(data, again) {
			t.Fatalf("% x was read from % x", again, data)
		}
	})
}
