package sequence_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"scrollkeeper.example/scrollkeeper/internal/citation/sequence"
)

func TestTokens(t *testing.T) {
	for text, want := range map[string]string{
		"Smith, J.K. (2010a).":              "Smith|,|J|.|K|.|(|2010a|)|.",
		"Ragan-Kelley’s 12–34, 5-6":         "Ragan-Kelley’s|12|–|34|,|5|-|6",
		"doi:10.1000/a(1)b. Next":           "doi|:|10.1000/a(1)b|.|Next",
		"(see https://doi.org/10.1000/ab).": "(|see|https://doi.org/10.1000/ab|)|.",
		"2016年第2期":                          "2016|年第|2|期",
		"":                                  "",
	} {
		var got []string
		for _, token := range sequence.Tokenize(text) {
			got = append(got, token.Text)
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzTokenize(f *testing.F) {
	for _, text := range []string{"Smith, J. (2010). T. https://a.b/c. 10.1000/x", "\xff", "www.", "10.1000/", "a-b-", "É́"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "")
		tokens := sequence.Tokenize(text)
		at := 0
		for _, token := range tokens {
			if token.Start < at || token.End <= token.Start || text[token.Start:token.End] != token.Text {
				t.Fatalf("%q: %+v behind %d", text, token, at)
			}
			if strings.TrimFunc(text[at:token.Start], unicode.IsSpace) != "" {
				t.Fatalf("%q: %q is in no token", text, text[at:token.Start])
			}
			at = token.End
		}
		if len(tokens) < sequence.MaxTokens && strings.TrimFunc(text[at:], unicode.IsSpace) != "" {
			t.Fatalf("%q: %q is in no token", text, text[at:])
		}
		if got := len(sequence.Features(tokens)); got != len(tokens) {
			t.Fatalf("features of %d tokens for %d", got, len(tokens))
		}
	})
}

func TestAModelIsTheSameAfterWritingAndReading(t *testing.T) {
	var first [sequence.Labels]float32
	var step [sequence.Labels][sequence.Labels]float32
	first[sequence.Title] = 1
	step[sequence.Title][sequence.Date] = -2
	features := map[uint32][sequence.Labels]float32{}
	for _, list := range sequence.Features(sequence.Tokenize("A title. 2010.")) {
		for _, hash := range list {
			weights := features[hash]
			weights[hash%uint32(sequence.Labels)] += 1.27
			features[hash] = weights
		}
	}
	model := sequence.NewModel([32]byte{1, 2, 3}, first, step, features)
	var out bytes.Buffer
	if err := model.Write(&out); err != nil {
		t.Fatal(err)
	}
	encoded := bytes.Clone(out.Bytes())
	back, err := sequence.Read(&out)
	if err != nil {
		t.Fatal(err)
	}
	if back.Sources != model.Sources || back.Len() != model.Len() || back.First != first || back.Step != step {
		t.Error("another model came back")
	}
	tokens := sequence.Tokenize("Another title of things. 1999, 12.")
	got, want := back.Label(tokens), model.Label(tokens)
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%q: %v, want %v", tokens[i].Text, got[i], want[i])
		}
	}
	for cut := range len(encoded) {
		if _, err := sequence.Read(bytes.NewReader(encoded[:cut])); err == nil {
			t.Fatalf("a model cut to %d bytes was taken", cut)
		}
	}
}
