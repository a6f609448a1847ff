package transfer

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
)

// html is the summary as one page that needs nothing else: no script, no
// picture, no font, nothing from the network. All text is escaped.
func (s *sheet) html(by Group) ([]byte, error) {
	var out bytes.Buffer
	if err := page.Execute(&out, struct {
		*sheet
		Parts []part
		Count string
	}{s, s.parts(by), count(len(s.Marks))}); err != nil {
		return nil, fmt.Errorf("write HTML: %w", err)
	}
	return out.Bytes(), nil
}

var page = template.Must(template.New("marks").Funcs(template.FuncMap{
	"day": day, "says": func(body string) string { return strings.TrimSpace(spoken(body)) },
	"states": func(e entry) string { return e.states() },
	"place":  func(e entry) string { return e.Place() },
	"quoted": func(e entry) string { return e.Quoted() },
}).Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{{.Title}}</title>
<style>
body { max-width: 44rem; margin: 2.5rem auto; padding: 0 1.25rem; color: #19191d; background: #fff; font: 15px/1.5 system-ui, sans-serif; }
h1 { font: 600 26px/1.25 Georgia, serif; margin: 0 0 .4rem; }
h2 { font-size: 17px; margin: 2rem 0 .25rem; border-bottom: 1px solid #e4e4e7; padding-bottom: .3rem; break-after: avoid; }
article { margin: 1.1rem 0; break-inside: avoid; }
blockquote { margin: 0 0 .35rem; padding: .1rem 0 .1rem .8rem; border-left: 4px solid; font-family: Georgia, serif; }
.key blockquote { border-color: #fde58a; } .method blockquote { border-color: #b4e0f9; } .question blockquote { border-color: #dccffb; }
.disagree blockquote { border-color: #fcc5cc; } .quote blockquote { border-color: #c5ebbb; }
p { margin: .25rem 0; } .says { white-space: pre-wrap; overflow-wrap: anywhere; }
.about, .source { color: #52525b; font-size: 13px; } .about b { color: #19191d; }
ul { margin: .4rem 0 0; padding-left: 1.1rem; list-style: none; border-left: 2px solid #e4e4e7; } li { margin: .4rem 0; }
a { color: #4340c0; }
@media print { body { margin: 0; max-width: none; font-size: 10.5pt; } a { color: inherit; text-decoration: none; } }
</style>
</head>
<body>
<h1>{{.Title}}</h1>
{{with .Source}}<p class="source">{{.}}</p>
{{end}}<p class="source">{{.Count}} in <a href="{{.Link}}">{{.Filename}}</a>, {{day .At}}.</p>
{{range .Parts}}<section>
<h2>{{.Heading}}</h2>
{{range .Marks}}<article class="{{.Meaning}}">
{{with quoted .}}<blockquote>{{.}}</blockquote>
{{end}}<p class="about"><b>{{.Meant}}</b> · {{.Author.Name}} · {{day .CreatedAt}} · <a href="{{.Link}}">{{place .}}</a>{{states .}}</p>
{{with says .Body}}<p class="says">{{.}}</p>
{{end}}{{if .Answers}}<ul>
{{range .Answers}}<li><p class="about"><b>{{.Author.Name}}</b> · {{day .CreatedAt}}</p><p class="says">{{says .Body}}</p></li>
{{end}}</ul>
{{end}}</article>
{{end}}</section>
{{end}}</body>
</html>
`))
