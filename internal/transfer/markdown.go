package transfer

import (
	"fmt"
	"strings"
)

// markdown is the summary as CommonMark. What people wrote is Markdown already
// and stays as it is; what the file says is escaped.
func (s *sheet) markdown(by Group) []byte {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s\n\n", escapeMarkdown(s.Title))
	if source := s.Source(); source != "" {
		fmt.Fprintf(&out, "%s\n\n", escapeMarkdown(source))
	}
	fmt.Fprintf(&out, "%s in [%s](<%s>), %s.\n", count(len(s.Marks)), escapeMarkdown(s.Filename), s.Link, day(s.At))
	for _, part := range s.parts(by) {
		fmt.Fprintf(&out, "\n## %s\n", escapeMarkdown(part.Heading))
		for i := range part.Marks {
			part.Marks[i].markdown(&out)
		}
	}
	return []byte(out.String())
}

func (e *entry) markdown(out *strings.Builder) {
	out.WriteByte('\n')
	if quote := e.Quoted(); quote != "" {
		fmt.Fprintf(out, "> %s\n\n", strings.ReplaceAll(escapeMarkdown(quote), "\n", "\n> "))
	}
	fmt.Fprintf(out, "**%s** · %s · %s · [%s](<%s>)%s\n", escapeMarkdown(e.Meant), escapeMarkdown(e.Author.Name), day(e.CreatedAt),
		escapeMarkdown(e.Place()), e.Link, e.states())
	if body := strings.TrimSpace(spoken(e.Body)); body != "" {
		fmt.Fprintf(out, "\n%s\n", body)
	}
	for i, reply := range e.Answers {
		if i == 0 {
			out.WriteByte('\n')
		}
		body := strings.ReplaceAll(strings.TrimSpace(spoken(reply.Body)), "\n", "\n  ")
		fmt.Fprintf(out, "- **%s**, %s: %s\n", escapeMarkdown(reply.Author.Name), day(reply.CreatedAt), body)
	}
}

// states are what else is to be said about a mark.
func (e *entry) states() string {
	var out string
	if e.Private {
		out += " · private"
	}
	if e.ResolvedAt != nil {
		out += " · resolved"
	}
	return out
}

func count(n int) string {
	if n == 1 {
		return "1 mark"
	}
	return fmt.Sprintf("%d marks", n)
}

// escapeMarkdown makes text that is not Markdown read as it is.
func escapeMarkdown(text string) string {
	var out strings.Builder
	begin := true // of a line, where some characters mean more
	for _, r := range text {
		switch {
		case strings.ContainsRune("\\`*_[]<>#|~&!", r), begin && strings.ContainsRune("+-=:", r):
			out.WriteByte('\\')
		}
		out.WriteRune(r)
		begin = r == '\n' || begin && r == ' '
	}
	return escapeNumbers(out.String())
}

// escapeNumbers keeps "1. " at a line's beginning from becoming a list.
func escapeNumbers(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		rest := strings.TrimLeft(line, "0123456789")
		if digits := len(line) - len(rest); digits > 0 && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, ")")) {
			lines[i] = line[:digits] + `\` + rest
		}
	}
	return strings.Join(lines, "\n")
}
