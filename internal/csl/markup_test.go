package csl_test

import (
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

func TestPlainTextOfCSL(t *testing.T) {
	for text, want := range map[string]string{
		`<i>Homo</i> in <span class="nocase">DNA</span>, CO<sub>2</sub>, <span style="font-variant:small-caps;">x</span>`: "Homo in DNA, CO2, x",
		`a < b, <script>alert(1)</script> > c`: `a < b, <script>alert(1)</script> > c`,
		"plain":                                "plain",
	} {
		if got := csl.Plain(text); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}
