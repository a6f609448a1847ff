package transfer

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
)

// csvHeader names the columns, one mark a row.
var csvHeader = []string{
	"page", "page_label", "kind", "meaning", "quote", "comment", "author", "created", "edited",
	"private", "resolved", "resolved_by", "assignee", "place", "replies", "link",
}

// csv is the summary as a table (RFC 4180), in the order of the groups. It begins
// with a byte order mark, without which Excel takes it for another encoding.
func (s *sheet) csv(by Group) []byte {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	_ = w.Write(csvHeader) // a buffer takes everything
	for _, part := range s.parts(by) {
		for _, e := range part.Marks {
			row := e.row()
			for i, cell := range row {
				row[i] = harmless(cell)
			}
			_ = w.Write(row)
		}
	}
	w.Flush()
	return out.Bytes()
}

func (e *entry) row() []string {
	page := ""
	if n := e.page(); n > 0 {
		page = strconv.Itoa(n)
	}
	replies := make([]string, len(e.Answers))
	for i, reply := range e.Answers {
		replies[i] = reply.Author.Name + " (" + stamp(&reply.CreatedAt) + "): " + spoken(reply.Body)
	}
	private := "no"
	if e.Private {
		private = "yes"
	}
	return []string{
		page, e.Label, string(e.Kind), e.Meant, e.Quoted(), spoken(e.Body), e.Author.Name, stamp(&e.CreatedAt), stamp(e.EditedAt),
		private, stamp(e.ResolvedAt), nameOf(e.ResolvedBy), nameOf(e.Assignee), string(e.Anchor.Status), strings.Join(replies, "\n\n"), e.Link,
	}
}

// harmless keeps a spreadsheet from running what somebody wrote: a cell that
// begins like a formula gets an apostrophe before it.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}

func stamp(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func nameOf(p *annotation.Person) string {
	if p == nil {
		return ""
	}
	return p.Name
}
