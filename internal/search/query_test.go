package search_test

import (
	"regexp"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/search"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ query, exact, loose string }{
		{"naïve Bayes", "('naive' & 'bayes')", "('naive' & 'bayes')"},
		{`"live coding" music`, "(('live' <-> 'coding') & 'music')", "(('live' & 'coding') & 'music')"},
		{"a b OR c", "('a' & 'b') | ('c')", "('a' & 'b') | ('c')"},
		{"or And not", "('or' & 'and' & 'not')", "('or' & 'and' & 'not')"},
		{"a -b", "('a' & !'b')", "('a' & !'b')"},
		{`a -"b c"`, "('a' & !('b' <-> 'c'))", "('a')"},
		{"live-coding", "((('live' <-> 'coding') | 'livecoding'))", "((('live' & 'coding') | 'livecoding'))"},
		{"a -live‐coding", "('a' & !(('live' <-> 'coding') | 'livecoding'))", "('a')"},
		{"10.1000/x1", "(('10' <-> '1000' <-> 'x1'))", "(('10' & '1000' & 'x1'))"},
		{`"not closed`, "(('not' <-> 'closed'))", "(('not' & 'closed'))"},
		{`“typographic marks”`, "(('typographic' <-> 'marks'))", "(('typographic' & 'marks'))"},
		{`a"b c"d`, "('a' & ('b' <-> 'c') & 'd')", "('a' & ('b' & 'c') & 'd')"},
		{"OR OR a OR OR b OR", "('a') | ('b')", "('a') | ('b')"},
		{"a OR -b", "('a')", "('a')"},
		{`"OR" x`, "('or' & 'x')", "('or' & 'x')"},
		{"深度", "(('深' <-> '度'))", "(('深' & '度'))"},
		{`a' & b | !c:* <-> \d`, "('a' & 'b' & 'c' & 'd')", "('a' & 'b' & 'c' & 'd')"},
		{"--a", "", ""},
	} {
		q, err := search.Parse(c.query)
		if c.exact == "" {
			if !fault.Is(err, "empty_query") {
				t.Errorf("%q: %v", c.query, err)
			}
			continue
		}
		if exact, loose := search.Rendered(q); err != nil || exact != c.exact || loose != c.loose {
			t.Errorf("%q:\n got %s\nand %s, %v\nwant %s\nand %s", c.query, exact, loose, err, c.exact, c.loose)
		}
	}
}

func TestQueriesWithoutAnAnswer(t *testing.T) {
	for query, code := range map[string]string{
		"": "empty_query", " \t": "empty_query", `"`: "empty_query", "-": "empty_query", "-a -b": "empty_query", "OR": "empty_query",
		"… & | ! : *": "empty_query", "\x00": "empty_query",
		strings.Repeat("a", 1001): "query_too_long", strings.Repeat("a ", 65): "query_too_complex", strings.Repeat("深", 65): "query_too_complex",
	} {
		if _, err := search.Parse(query); !fault.Is(err, code) {
			t.Errorf("%.20q: %v, want %s", query, err, code)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		wholly(t, query, false)
		wholly(t, query, true)
	})
}

// wholly checks that nothing of a query is an operator of PostgreSQL's.
func wholly(t *testing.T, query string, typing bool) {
	t.Helper()
	q, err := search.ParseTyping(query, typing)
	if err != nil {
		if problem, ok := fault.As(err); !ok || problem.Kind != fault.Invalid {
			t.Fatalf("%q: %v", query, err)
		}
		return
	}
	exact, loose := search.Rendered(q)
	for _, rendered := range []string{exact, loose, unweighted(search.RenderedForPages(q, func(code, word string) string { return word + code }))} {
		// Outside quotes there are only operators, and inside no operator; a word that
		// may go on says so right behind its quote.
		for i, part := range strings.Split(rendered, "'") {
			if i > 0 && i%2 == 0 {
				part = strings.TrimPrefix(part, ":*")
			}
			if i%2 == 0 && strings.Trim(part, " ()&|!<->") != "" || i%2 == 1 && (part == "" || strings.ContainsAny(part, " ()&|!<>:*\\\x00")) {
				t.Fatalf("%q became %s", query, rendered)
			}
		}
	}
}

// weights stand right behind a word's quote, or behind the sign that it may go on.
var weights = regexp.MustCompile(`':(\*?)[ABCD]+`)

// unweighted is both without weights.
func unweighted(exact, loose string) string {
	return weights.ReplaceAllStringFunc(exact+" "+loose, func(s string) string {
		if strings.HasPrefix(s, "':*") {
			return "':*"
		}
		return "'"
	})
}

// hostile are queries that must find something or nothing, or be refused, and
// never break anything.
var hostile = []string{
	`"`, `""`, `"a`, `a"`, `\`, `\\'`, `'`, `''`, `a'b`, `a:b`, `a:*`, `<->`, `!a`, `a & b`, `a | b`, `(a`, `a)`, `-`, `--`, `-"`, `-"a b`, "a\x00b",
	"\u202etfel ot thgir", "\ufeffa", "\xff\xfe", "'; DROP TABLE documents; --", "$1", "%s", "OR", "OR OR OR", strings.Repeat("OR ", 300),
	strings.Repeat("a OR ", 64), strings.Repeat("-a ", 60) + "b", strings.Repeat(`"`, 999), strings.Repeat("(", 1000), strings.Repeat("a-", 60) + "b",
	strings.Repeat("x", 1000), "1e5 0x1f 1.2.3 a@b.c http://a.b/c?d=e /usr/bin 2024-01-01 ½ ﬃ ⅷ", "deep", "“深度学习” -モデル", "한국 에너지", "컹", `tag:"to read" -in:x year:..2020 OR by:me`, "a\u0301\u0301\u0301",
}
