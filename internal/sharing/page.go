package sharing

import (
	"bytes"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// Page gives what the page of a link has in its head, for programs that run no
// scripts: reference managers read what they save there (the Highwire Press tags,
// as Google Scholar has them), and chats what they show of an address. Of a link
// with a password both learn only that there is one, until this browser has opened
// it. There are no COinS: whoever reads those reads the tags as well.
//
// origin is the scheme and host of addresses.
func (s *Service) Page(r *http.Request, origin string) httpapi.Head {
	secret := strings.TrimPrefix(r.URL.Path, PagePrefix)
	l, err := s.bySecret(r.Context(), secret)
	switch {
	case fault.Is(err, errGone.Code):
		return httpapi.Head{Status: http.StatusGone, Markup: tags{}.add("og:title", "This link shows nothing any more").bytes()}
	case err != nil:
		s.Logger.WarnContext(r.Context(), "page of a link without its tags", slog.Any("error", err))
		return httpapi.Head{}
	}
	if l.PasswordHash != nil {
		if _, err := s.Guest(r.Context(), l.ID, s.cookieOf(r.CookiesNamed(s.cookieName(l.ID)))); err != nil {
			return httpapi.Head{Markup: tags{}.add("og:title", "Shared with a password").add("og:site_name", "Scrollkeeper").bytes()}
		}
	}
	if l.CollectionID.Valid {
		return httpapi.Head{Markup: tags{}.add("og:title", l.name).add("og:type", "website").add("og:site_name", "Scrollkeeper").bytes()}
	}
	shown, err := s.shown(r.Context(), l)
	if err != nil || len(shown) != 1 {
		s.Logger.WarnContext(r.Context(), "page of a link without its tags", slog.Any("error", err))
		return httpapi.Head{}
	}
	return httpapi.Head{Markup: tagsOf(shown[0], origin+httpapi.LinkPrefix+l.ID.String()).bytes()}
}

// tags are meta elements in the making.
type tags struct{ markup []byte }

// maxTag bounds a value in bytes; maxTagAuthors how many authors are told.
const (
	maxTag        = 2000
	maxTagAuthors = 500
)

// add adds an element, unless it would be empty.
func (t tags) add(name, content string) tags {
	content = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(content, ""))
	if content = strings.Join(strings.Fields(content), " "); content == "" {
		return t
	}
	if len(content) > maxTag {
		content = strings.ToValidUTF8(content[:maxTag], "")
	}
	attribute := "name"
	if strings.HasPrefix(name, "og:") {
		attribute = "property"
	}
	t.markup = fmt.Appendf(t.markup, "<meta %s=\"%s\" content=\"%s\">\n", attribute, name, html.EscapeString(content))
	return t
}

func (t tags) bytes() []byte { return bytes.TrimSuffix(t.markup, []byte("\n")) }

// tagsOf describes a document whose API is under base.
func tagsOf(d Shown, base string) tags {
	i := d.Item
	t := tags{}.add("citation_title", csl.Plain(d.Title))
	for _, name := range i.Author[:min(len(i.Author), maxTagAuthors)] {
		t = t.add("citation_author", authorTag(name))
	}
	t = t.add("citation_publication_date", dateTag(i.Issued))
	container := csl.Plain(i.ContainerTitle)
	switch i.Type {
	case csl.TypePaperConference:
		t = t.add("citation_conference_title", container)
	case csl.TypeChapter:
		t = t.add("citation_inbook_title", container)
	case csl.TypeThesis:
		t = t.add("citation_dissertation_institution", i.Publisher)
	case csl.TypeReport:
		t = t.add("citation_technical_report_institution", i.Publisher).add("citation_technical_report_number", i.Number)
	default:
		t = t.add("citation_journal_title", container)
	}
	first, last := pageRange(i)
	t = t.add("citation_publisher", i.Publisher).add("citation_volume", i.Volume).add("citation_issue", i.Issue).
		add("citation_firstpage", first).add("citation_lastpage", last).
		add("citation_doi", i.DOI).add("citation_issn", i.ISSN).add("citation_isbn", i.ISBN).add("citation_pmid", i.PMID).
		add("citation_language", i.Language).add("citation_keywords", i.Keyword)
	if strings.EqualFold(i.Archive, "arXiv") {
		t = t.add("citation_arxiv_id", i.ArchiveLocation)
	}
	if d.EditionID != uuid.Nil {
		t = t.add("citation_pdf_url", base+"/editions/"+d.EditionID.String()+"/file")
	}
	return t.add("og:title", csl.Plain(d.Title)).add("og:type", "article").add("og:site_name", "Scrollkeeper")
}

func authorTag(n csl.Name) string {
	switch {
	case n.Literal != "":
		return n.Literal
	case n.Given == "":
		return n.Family
	default:
		return n.Family + ", " + n.Given
	}
}

// dateTag is a date as YYYY/MM/DD, as far as it is known; empty for none, and for
// years that the form does not have.
func dateTag(d *csl.Date) string {
	if d == nil || len(d.DateParts) == 0 {
		return ""
	}
	parts := d.DateParts[0]
	if len(parts) == 0 || parts[0] < 1 || parts[0] > 9999 {
		return ""
	}
	text := []string{fmt.Sprintf("%04d", parts[0])}
	for _, part := range parts[1:min(len(parts), 3)] {
		if part < 1 || part > 31 {
			break
		}
		text = append(text, fmt.Sprintf("%02d", part))
	}
	return strings.Join(text, "/")
}

func pageRange(i csl.Item) (first, last string) {
	first, last, _ = strings.Cut(strings.NewReplacer("–", "-", "—", "-").Replace(i.Page), "-")
	if first = strings.TrimSpace(first); first == "" {
		first = i.PageFirst
	}
	return first, strings.TrimLeft(strings.TrimSpace(last), "-")
}
