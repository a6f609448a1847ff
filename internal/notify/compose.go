package notify

import (
	"bytes"
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// letter is what a mail is made of.
type letter struct {
	Origin string // scheme and host of links
	Name   string // of the reader
	Digest bool
	Items  []Notification // by document, then time
	Token  string         // for the link that ends all mail
}

// written is a mail as it goes out.
type written struct {
	subject, text, html string
	// shown is the text for the operator's outbox: without the link that would
	// let whoever reads it end somebody's mail.
	shown   string
	headers map[string]string
}

// paper is a document in a mail with what happened on it.
type paper struct {
	Title, URL string
	Entries    []entry
}

// entry is one thing that happened.
type entry struct {
	What, Quote, Said, URL string
}

func compose(l letter) (written, error) {
	papers := l.papers()
	settings := l.Origin + "/inbox#settings"
	page := l.Origin + "/unsubscribe#" + l.Token
	var b strings.Builder
	if l.Digest {
		fmt.Fprintf(&b, "Hello %s,\n\nthis is new since yesterday's mail.\n", l.Name)
	} else {
		fmt.Fprintf(&b, "Hello %s,\n", l.Name)
	}
	for _, p := range papers {
		fmt.Fprintf(&b, "\n%s\n", p.Title)
		for _, e := range p.Entries {
			fmt.Fprintf(&b, "\n  %s\n", e.What)
			if e.Quote != "" {
				fmt.Fprintf(&b, "    > %s\n", e.Quote)
			}
			if e.Said != "" {
				fmt.Fprintf(&b, "    %s\n", e.Said)
			}
			fmt.Fprintf(&b, "    %s\n", e.URL)
		}
	}
	shown := b.String()
	fmt.Fprintf(&b, "\n-- \nScrollkeeper at %s\nChoose when you get mail: %s\nNo more mail, without signing in: %s\n", l.Origin, settings, page)

	var html bytes.Buffer
	if err := mailPage.Execute(&html, map[string]any{
		"Name": l.Name, "Digest": l.Digest, "Papers": papers, "Origin": l.Origin, "Settings": settings, "Unsubscribe": page,
	}); err != nil {
		return written{}, fmt.Errorf("write mail: %w", err)
	}
	w := written{subject: l.subject(papers), text: b.String(), html: html.String(), shown: shown, headers: map[string]string{
		"Auto-Submitted":           "auto-generated", // RFC 3834: no out-of-office answers
		"X-Auto-Response-Suppress": "All",
		// RFC 2369, and RFC 8058 where it may be: one click needs HTTPS.
		"List-Unsubscribe": "<" + l.Origin + "/api/unsubscribe/" + l.Token + ">",
	}}
	if strings.HasPrefix(l.Origin, "https://") {
		w.headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
	}
	return w, nil
}

func (l letter) papers() []paper {
	var papers []paper
	var last uuid.UUID
	for _, n := range l.Items {
		about, title, url := n.DocumentID, n.Title, l.Origin+"/d/"+n.DocumentID.String()
		if n.SavedSearchID.Valid {
			about, title = n.SavedSearchID.UUID, n.SavedSearch
			url = l.Origin + "/search?library=" + n.LibraryID.String() + "&saved=" + about.String()
		}
		if len(papers) == 0 || about != last {
			last = about
			papers = append(papers, paper{Title: excerpt(title, maxQuote), URL: url})
		}
		p := &papers[len(papers)-1]
		e := entry{What: sentence(n), Quote: excerpt(n.Quote, maxQuote), Said: excerpt(n.Said, 2000), URL: url + "#a=" + n.AnnotationID.String()}
		if n.SavedSearchID.Valid {
			e.Quote, e.URL = excerpt(n.Title, maxQuote), url
		}
		p.Entries = append(p.Entries, e)
	}
	return papers
}

// subject says it all where there is one thing, and counts where there are more.
func (l letter) subject(papers []paper) string {
	var comments, searches []Notification
	for _, n := range l.Items {
		if n.SavedSearchID.Valid {
			searches = append(searches, n)
		} else {
			comments = append(comments, n)
		}
	}
	news := "news of " + plural(len(searches), "saved search", "saved searches")
	if len(searches) == 1 {
		news = sentence(searches[0])
	}
	if len(comments) == 0 {
		return strings.ToUpper(news[:1]) + news[1:]
	}
	on := "“" + excerpt(comments[0].Title, 120) + "”"
	said := strings.TrimSuffix(sentence(comments[0]), ":") + " on " + on
	switch documents := len(papers) - len(searches); {
	case documents > 1:
		said = plural(len(comments), "new comment", "new comments") + " on " + strconv.Itoa(documents) + " documents"
	case len(comments) > 1:
		said = plural(len(comments), "new comment", "new comments") + " on " + on
	}
	if len(searches) > 0 {
		return said + ", and " + news
	}
	return said
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// sentence says who did what, ending with a colon where words follow.
func sentence(n Notification) string {
	who := n.Actor
	if who == "" {
		who = "Somebody whose account is gone"
	}
	colon := ""
	if n.Said != "" {
		colon = ":"
	}
	switch {
	case n.Kind == Saved:
		return plural(n.Count, "document newly matches", "documents newly match") + " “" + excerpt(n.SavedSearch, 120) + "”"
	case n.Kind == Mention:
		return who + " mentioned you" + colon
	case n.Kind == Assigned:
		return who + " asked you to look after a mark" + colon
	case n.Event == "reply":
		return who + " replied" + colon
	case n.Event == "resolved":
		return who + " resolved a thread" + colon
	case n.Event == "reopened":
		return who + " reopened a thread" + colon
	case n.Count > 1:
		return fmt.Sprintf("%s made %d marks, the newest%s", who, n.Count, colon)
	default:
		return who + " made a mark" + colon
	}
}

// mailPage is the same in HTML. Authors' words are serif, people's sans, as in the
// product; html/template escapes all of them.
var mailPage = template.Must(template.New("mail").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body style="margin:0;padding:24px;background:#f6f6f7;color:#19191d;font:14px/20px Inter,-apple-system,'Segoe UI',sans-serif">
<div style="max-width:600px;margin:0 auto;padding:20px 24px;background:#ffffff;border:1px solid #e4e4e7;border-radius:8px">
<p style="margin:0 0 12px">Hello {{.Name}},{{if .Digest}}<br>this is new since yesterday’s mail.{{end}}</p>
{{range .Papers}}<h2 style="margin:20px 0 8px;font:500 16px/22px 'Source Serif 4',Georgia,serif"><a href="{{.URL}}" style="color:#19191d;text-decoration:none">{{.Title}}</a></h2>
{{range .Entries}}<div style="margin:0 0 16px">
<div style="color:#52525b">{{.What}}</div>
{{if .Quote}}<blockquote style="margin:6px 0;padding:0 0 0 10px;border-left:2px solid #cdcdd4;color:#52525b;font:15px/22px 'Source Serif 4',Georgia,serif">{{.Quote}}</blockquote>
{{end}}{{if .Said}}<div style="margin:4px 0">{{.Said}}</div>
{{end}}<a href="{{.URL}}" style="color:#4340c0">Open</a>
</div>
{{end}}{{end}}</div>
<p style="max-width:600px;margin:12px auto 0;color:#64646e;font-size:12px;line-height:18px">Scrollkeeper at <a href="{{.Origin}}" style="color:#64646e">{{.Origin}}</a>.
<a href="{{.Settings}}" style="color:#64646e">Choose when you get mail</a>, or <a href="{{.Unsubscribe}}" style="color:#64646e">get no more of it</a>.</p>
</body></html>
`))
