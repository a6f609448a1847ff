package httpapi_test

import (
	"mime"
	"strings"
	"testing"
	"unicode"

	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

func TestDisposition(t *testing.T) {
	for name, want := range map[string]string{
		"paper.pdf":                    `inline; filename="paper.pdf"`,
		"paper":                        `inline; filename="paper.pdf"`,
		"Paper.PDF":                    `inline; filename="Paper.pdf"`,
		"a \"b\";c.pdf":                `inline; filename="a _b__c.pdf"`,
		"../../etc/passwd":             `inline; filename="passwd.pdf"`,
		`C:\x\y.pdf`:                   `inline; filename="y.pdf"`,
		"a\r\nSet-Cookie: b.pdf":       `inline; filename="aSet-Cookie_ b.pdf"`,
		"invoice\u202efdp.exe":         `inline; filename="invoicefdp.exe.pdf"`,
		"naïve 50%.pdf":                `inline; filename="na_ve 50_.pdf"; filename*=UTF-8''na%C3%AFve%2050%25.pdf`,
		"":                             `inline; filename="document.pdf"`,
		" ..pdf":                       `inline; filename="document.pdf"`,
		"\xff\xfe":                     `inline; filename="document.pdf"`,
		strings.Repeat("x", 300):       `inline; filename="` + strings.Repeat("x", 200) + `.pdf"`,
		strings.Repeat("深", 100)[:298]: `inline; filename="` + strings.Repeat("_", 66) + `.pdf"; filename*=UTF-8''` + strings.Repeat("%E6%B7%B1", 66) + ".pdf",
	} {
		if got := httpapi.Disposition(false, name, ".pdf"); got != want {
			t.Errorf("%.40q:\n got %s\nwant %s", name, got, want)
		}
	}
	if got := httpapi.Disposition(true, "a.pdf", ".pdf"); got != `attachment; filename="a.pdf"` {
		t.Errorf("download: %s", got)
	}
}

func FuzzDisposition(f *testing.F) {
	for _, s := range []string{"a.pdf", "naïve.pdf", "\"\\\r\n", "..", "%00", "\u202e", strings.Repeat("é", 200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		header := httpapi.Disposition(true, name, ".pdf")
		if strings.ContainsFunc(header, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }) {
			t.Fatalf("%q became %q", name, header)
		}
		kind, params, err := mime.ParseMediaType(header)
		if err != nil || kind != "attachment" {
			t.Fatalf("%q became %q: %v", name, header, err)
		}
		got := params["filename"]
		if !strings.HasSuffix(got, ".pdf") || len(got) > 204 || strings.ContainsAny(got, "/\\\"\x00") || strings.HasPrefix(got, ".") {
			t.Fatalf("%q is saved as %q", name, got)
		}
	})
}
