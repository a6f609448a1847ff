package csl

import "regexp"

// richText are the elements that CSL-JSON allows in its texts:
// https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html#html-like-formatting-tags.
var richText = regexp.MustCompile(`</?(?:i|b|em|strong|sup|sub|sc)>|<span (?:class="no(?:case|decor)"|style="font-variant: ?small-caps;")>|</span>`)

// Plain is a text of CSL-JSON without the elements that it may have, as titles
// have them for italics or small capitals.
func Plain(text string) string { return richText.ReplaceAllString(text, "") }
