package ingest_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/ingest"
)

func TestCleanFilename(t *testing.T) {
	long := strings.Repeat("é", 300)
	for name, tc := range map[string]struct{ in, want string }{
		"plain":                    {"paper.pdf", "paper.pdf"},
		"unicode stays":            {"Überblick – 論文.pdf", "Überblick – 論文.pdf"},
		"slashes":                  {"../../etc/passwd", "passwd"},
		"backslashes":              {`C:\Users\me\paper.pdf`, "paper.pdf"},
		"ends with a slash":        {"folder/", "Untitled.pdf"},
		"control characters":       {"a\x00b\x07c\x7f.pdf", "abc.pdf"},
		"line ends":                {"a\r\nb.pdf", "a b.pdf"},
		"bidi":                     {"paper\u202efdp.exe", "paperfdp.exe"},
		"isolates":                 {"\u2066a\u2069.pdf", "a.pdf"},
		"zero width":               {"a\u200bb\ufeff.pdf", "ab.pdf"},
		"broken UTF-8":             {"a\xff\xfeb.pdf", "ab.pdf"},
		"spaces":                   {"  a \t b  .pdf ", "a b .pdf"},
		"empty":                    {"", "Untitled.pdf"},
		"only dots":                {"...", "Untitled.pdf"},
		"hidden":                   {".paper.pdf", "paper.pdf"},
		"only an ending":           {".pdf", "Untitled.pdf"},
		"trailing dots":            {"paper.pdf..", "paper.pdf"},
		"300 characters, 2 bytes":  {long + ".pdf", strings.Repeat("é", 125) + ".pdf"},
		"300 characters, no point": {strings.Repeat("a", 300), strings.Repeat("a", 255)},
		"long ending":              {"a." + strings.Repeat("b", 300), "a." + strings.Repeat("b", 253)},
		"quotes stay":              {`a"b;c.pdf`, `a"b;c.pdf`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ingest.CleanFilename(tc.in); got != tc.want {
				t.Errorf("CleanFilename(%q) = %q, want %q", tc.in, got, tc.want)
			}
		})
	}
}

func FuzzCleanFilename(f *testing.F) {
	for _, seed := range []string{"paper.pdf", "../a", "\u202e", strings.Repeat("界", 200) + ".pdf", "\xff/\x00", ". ."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := ingest.CleanFilename(in)
		switch {
		case got == "":
			t.Error("empty")
		case len(got) > 255:
			t.Errorf("%d bytes", len(got))
		case !utf8.ValidString(got):
			t.Errorf("%q is not UTF-8", got)
		case strings.ContainsAny(got, `/\`):
			t.Errorf("%q has a separator", got)
		case strings.HasPrefix(got, "."):
			t.Errorf("%q is hidden", got)
		case strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }):
			t.Errorf("%q has control characters", got)
		case ingest.CleanFilename(got) != got:
			t.Errorf("%q is not stable: %q", got, ingest.CleanFilename(got))
		}
	})
}
