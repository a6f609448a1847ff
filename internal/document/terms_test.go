package document_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/document"
)

func TestTerms(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []document.Term
	}{
		"nothing":                   {"", nil},
		"only signs":                {" --- \x00 …", nil},
		"case and accents go":       {"Naïve Čapek", []document.Term{{"naive", 0, 5}, {"capek", 6, 11}}},
		"combining marks are ends":  {"cafe\u0301 au", []document.Term{{"cafe", 0, 5}, {"au", 6, 8}}},
		"ligatures":                 {"e\ufb03cient", []document.Term{{"efficient", 0, 7}}},
		"soft hyphen":               {"co\u00adoperate", []document.Term{{"cooperate", 0, 10}}},
		"hyphens part words":        {"live-coding", []document.Term{{"live", 0, 4}, {"coding", 5, 11}}},
		"slashes and points do too": {"and/or 3.14", []document.Term{{"and", 0, 3}, {"or", 4, 6}, {"3", 7, 8}, {"14", 9, 11}}},
		"Chinese has no spaces":     {"深度", []document.Term{{"深", 0, 1}, {"度", 1, 2}}},
		"and may stand beside ours": {"AI模型v2", []document.Term{{"ai", 0, 2}, {"模", 2, 3}, {"型", 3, 4}, {"v2", 4, 6}}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := document.Terms(c.text); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func FuzzTerms(f *testing.F) {
	for _, s := range []string{"Naïve ﬁlter", "cafe\u0301\u0301", "深度学习 2.0", "\xff\x00a\u00ad", "ﷺ", "각각", strings.Repeat("x", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		length, last := utf8.RuneCountInString(text), 0
		for _, term := range document.Terms(text) {
			if term.Text == "" || strings.ContainsFunc(term.Text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
				t.Fatalf("%q has the term %q", text, term.Text)
			}
			if term.Start >= term.End || term.End > length || term.Start < last-1 {
				t.Fatalf("%q: term %+v after %d of %d", text, term, last, length)
			}
			last = term.End
		}
	})
}
