package specimen

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/citation/sequence"
)

// Specimen is a printed reference with what each part of it is.
type Specimen struct {
	Style  string
	Text   string
	Labels []sequence.Label // of each byte of Text
}

// TokenLabels are the labels of tokens of Text: the label of a token's last
// byte, for an address begins with what every address begins with.
func (s Specimen) TokenLabels(tokens []sequence.Token) []sequence.Label {
	labels := make([]sequence.Label, len(tokens))
	for i, token := range tokens {
		labels[i] = s.Labels[token.End-1]
		// Where noise has cut a first word, its second half is no first word.
		if isFirst(labels[i]) && i > 0 && (labels[i-1] == labels[i] || labels[i-1] == labels[i]+1) && s.unbroken(tokens[i-1].Start, token.Start, labels[i]) {
			labels[i]++
		}
	}
	return labels
}

func isFirst(l sequence.Label) bool {
	return slices.Contains([]sequence.Label{sequence.AuthorFamilyFirst, sequence.AuthorGivenFirst, sequence.AuthorBodyFirst, sequence.EditorFamilyFirst, sequence.EditorGivenFirst}, l)
}

func (s Specimen) unbroken(from, to int, l sequence.Label) bool {
	for _, label := range s.Labels[from:to] {
		if label != l {
			return false
		}
	}
	return true
}

// Make prints a made-up work. held asks for the styles that are never trained
// on.
func Make(r *rand.Rand, held bool) Specimen {
	var of []style
	for _, one := range styles {
		if one.held == held {
			of = append(of, one)
		}
	}
	for {
		st := pick(r, of)
		w := makeRecord(r)
		if st.language != "" && w.language != st.language && chance(r, 0.85) || foreign(w.language) != foreign(st.language) || foreign(w.language) && w.language != st.language || st.language == "" && w.language != "en" && chance(r, 0.5) {
			continue
		}
		templates := st.templates[w.kind]
		if len(templates) == 0 {
			continue
		}
		if s, ok := render(r, st, w, pick(r, templates)); ok {
			return s
		}
	}
}

// foreign reports whether a language has a script of its own.
func foreign(language string) bool { return language == "ru" || language == "zh" }

// printer writes text with the label of each byte.
type printer struct {
	text   []byte
	labels []sequence.Label
}

func (p *printer) put(text string, label sequence.Label) {
	p.text = append(p.text, text...)
	for range len(text) {
		p.labels = append(p.labels, label)
	}
}

// putParts labels the first word apart from the others.
func (p *printer) putParts(text string, first, other sequence.Label) {
	word := text
	if tokens := sequence.Tokenize(text); len(tokens) > 0 {
		word = text[:tokens[0].End]
	}
	p.put(word, first)
	p.put(text[len(word):], other)
}

func render(r *rand.Rand, st style, w record, template string) (Specimen, bool) {
	p := &printer{}
	if len(st.names) > 0 && st.names[0].order == "straight" && chance(r, 0.03) {
		p.put(pick(r, words("Vgl. See Cf. Siehe Voir Dazu"))+" ", sequence.Other)
	} else if len(st.numbered) > 0 {
		p.put(strings.ReplaceAll(pick(r, st.numbered), "#", strconv.Itoa(1+r.IntN(150))), sequence.Other)
	}
	x := &rendering{r: r, style: st, record: w, names: pick(r, st.names), date: pick(r, append(st.dates, "2006")), titleCase: st.titleCase || chance(r, 0.25)}
	if len(st.editors) > 0 {
		x.editors = pick(r, st.editors)
	}
	if !x.template(p, template) {
		return Specimen{}, false
	}
	s := Specimen{Style: st.name, Text: string(p.text), Labels: p.labels}
	return noise(r, s), true
}

type rendering struct {
	r              *rand.Rand
	style          style
	record         record
	names, editors nameForm
	date           string
	titleCase      bool
}

// template prints a template; it fails when a field is missing.
func (x *rendering) template(p *printer, template string) bool {
	for template != "" {
		at := strings.IndexAny(template, "{[<")
		if at < 0 {
			p.literal(template)
			return true
		}
		p.literal(template[:at])
		end := closing(template, at)
		inner := template[at+1 : end]
		switch template[at] {
		case '{':
			if !x.field(p, inner) {
				return false
			}
		case '[':
			mark := len(p.text)
			if !x.template(p, inner) {
				p.text, p.labels = p.text[:mark], p.labels[:mark]
			}
		case '<':
			if !x.template(p, pick(x.r, strings.Split(inner, "|"))) {
				return false
			}
		}
		template = template[end+1:]
	}
	return true
}

func closing(template string, at int) int {
	open := template[at]
	end := map[byte]byte{'{': '}', '[': ']', '<': '>'}[open]
	depth := 0
	for i := at; i < len(template); i++ {
		switch template[i] {
		case open:
			depth++
		case end:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	panic("specimen: " + template)
}

func (p *printer) literal(text string) {
	p.put(strings.NewReplacer("⟦", "[", "⟧", "]").Replace(text), sequence.Other)
}

var fieldLabels = map[string]sequence.Label{
	"Y": sequence.Date, "T": sequence.Title, "C": sequence.Container, "V": sequence.Volume, "I": sequence.Issue, "P": sequence.Page,
	"PUB": sequence.Publisher, "PL": sequence.Place, "ED": sequence.Edition, "S": sequence.Series, "U": sequence.URL, "DOI": sequence.DOI,
	"N": sequence.Number, "ISBN": sequence.Number, "TR": sequence.Note, "G": sequence.Genre,
}

// field prints one; false when the record has none.
func (x *rendering) field(p *printer, name string) bool {
	name, variant, _ := strings.Cut(name, ":")
	switch name {
	case "A":
		if len(x.record.authors) == 0 {
			return false
		}
		p.printNames(x.r, x.record.authors, x.names, authorLabels)
		if x.r.IntN(40) == 0 {
			p.put(" et al.", sequence.AuthorBetween)
		}
		return true
	case "E":
		if len(x.record.editors) == 0 {
			return false
		}
		if len(x.record.authors) == 0 {
			p.printNames(x.r, x.record.editors, x.names, editorLabels)
			return true
		}
		p.printNames(x.r, x.record.editors, x.editors, editorLabels)
		return true
	case "M":
		if variant == "month" {
			p.put(time.Month(x.record.month).String(), sequence.Date)
			return true
		}
		p.put(x.printDate(x.record.year, x.record.month, x.record.day), sequence.Date)
		return true
	case "ACC":
		if _, ok := x.record.fields["ACC"]; !ok {
			return false
		}
		layout := x.date
		if layout == "2006" {
			layout = "January 2, 2006"
		}
		p.put(localised(time.Date(x.record.accessYear, time.Month(x.record.accessMonth), x.record.aDay, 0, 0, 0, 0, time.UTC).Format(layout), x.style.language), sequence.Accessed)
		return true
	}
	value, ok := x.record.fields[name]
	if !ok || variant == "arxiv" || variant == "paren" && x.r.IntN(2) == 0 {
		return false
	}
	switch {
	case name == "ED" && variant == "nd":
		value += map[string]string{"2": "nd", "3": "rd"}[value]
		if !strings.HasSuffix(value, "d") {
			value += "th"
		}
	case name == "ED" && variant == "word":
		if n, err := strconv.Atoi(value); err == nil && n < 8 {
			value = []string{"", "first", "second", "third", "fourth", "fifth", "sixth", "seventh"}[n]
		}
		if x.r.IntN(2) == 0 {
			value = capital(value)
		}
	case (name == "T" || name == "C" && x.record.kind == chapter) && x.titleCase && x.record.language == "en":
		value = titleCased(value)
	}
	if name == "U" && x.r.IntN(30) == 0 {
		value = strings.TrimPrefix(strings.TrimPrefix(value, "https://"), "http://")
	}
	// A question ends its sentence by itself, and so does an abbreviation.
	p.put(value, fieldLabels[name])
	return true
}

func (x *rendering) printDate(year, month, day int) string {
	return localised(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Format(x.date), x.style.language)
}

var monthsIn = map[string][]string{
	"de": words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
	"fr": words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
	"es": words("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
}

// localised puts months into a style's language. Styles write the month of the
// layout in English, or in their own language as a mark that stays.
func localised(text, language string) string {
	names, ok := monthsIn[language]
	if !ok {
		return text
	}
	for month := time.January; month <= time.December; month++ {
		text = strings.ReplaceAll(text, month.String(), names[month-1])
	}
	return text
}

func titleCased(text string) string {
	small := words("a an the of and or in on for with to from by under as at")
	parts := strings.Split(text, " ")
	for i, part := range parts {
		if i == 0 || !slices.Contains(small, part) {
			parts[i] = capital(part)
		}
	}
	return strings.Join(parts, " ")
}

// noise is what printing and reading do: doubled stops, broken words and
// addresses, other signs, lost spaces.
func noise(r *rand.Rand, s Specimen) Specimen {
	s = s.replaced("?.", "?").replaced("..", ".").replaced("?,”", "?”").replaced(" .", ".").replaced(" ,", ",").replaced("  ", " ")
	switch {
	case chance(r, 0.25):
		s = s.replaced("–", "-")
	case chance(r, 0.05):
		s = s.replaced("–", "—")
	}
	switch {
	case chance(r, 0.15):
		s = s.replaced("“", "\"").replaced("”", "\"").replaced("„", "\"")
	case chance(r, 0.05):
		s = s.replaced("‘", "'").replaced("’", "'")
	case chance(r, 0.05):
		s = s.replaced("“", "‘").replaced("”", "’")
	}
	if chance(r, 0.02) {
		s = s.replaced("“", "").replaced("”", "")
	}
	if chance(r, 0.02) {
		s = s.replaced(". ", " . ").replaced("  ", " ")
	}
	out := Specimen{Style: s.Style}
	broken := chance(r, 0.2)
	for i, c := range s.Text {
		_, size := utf8.DecodeRuneInString(s.Text[i:])
		piece := s.Text[i : i+size]
		switch {
		case c == ' ' && r.IntN(1500) == 0:
			continue
		case broken && unicode.IsLetter(c) && i > 3 && i+3 < len(s.Text) && isLower(s.Text[i-2:i]) && isLower(s.Text[i:i+2]) && r.IntN(150) == 0:
			out.add(pick(r, []string{"- ", " "}), s.Labels[i])
		case broken && c == '–' && r.IntN(20) == 0:
			out.add("– ", s.Labels[i])
			continue
		}
		out.add(piece, s.Labels[i])
	}
	if r.IntN(60) == 0 {
		out.add(" "+pick(r, lines("In preparation.\nAccepted.\nIn press\n[CrossRef]\n[PubMed]\n[Google Scholar]\nURL accessed.\n(in German)\nReprint.\nOriginal work published 1901")), sequence.Note)
	}
	if r.IntN(40) == 0 && len(out.Text) > 0 {
		out.Text, out.Labels = out.Text[:len(out.Text)-1], out.Labels[:len(out.Labels)-1]
		for len(out.Text) > 0 && !utf8.ValidString(out.Text) {
			out.Text, out.Labels = out.Text[:len(out.Text)-1], out.Labels[:len(out.Labels)-1]
		}
	}
	return out
}

func isLower(text string) bool {
	for i := range len(text) {
		if text[i] < 'a' || text[i] > 'z' {
			return false
		}
	}
	return text != ""
}

func (s *Specimen) add(text string, label sequence.Label) {
	s.Text += text
	for range len(text) {
		s.Labels = append(s.Labels, label)
	}
}

// replaced puts one text for another, which keeps the first one's label.
func (s Specimen) replaced(old, with string) Specimen {
	if !strings.Contains(s.Text, old) {
		return s
	}
	out := Specimen{Style: s.Style}
	text, at := s.Text, 0
	for {
		next := strings.Index(text[at:], old)
		if next < 0 {
			break
		}
		out.Text += text[at : at+next]
		out.Labels = append(out.Labels, s.Labels[at:at+next]...)
		at += next
		out.add(with, s.Labels[at])
		at += len(old)
	}
	out.Text += text[at:]
	out.Labels = append(out.Labels, s.Labels[at:]...)
	return out
}

// Part is what the reference says of a label; empty when it says nothing.
func (s Specimen) Part(label sequence.Label) string {
	var out []byte
	for i := range len(s.Text) {
		if s.Labels[i] == label {
			out = append(out, s.Text[i])
		}
	}
	return string(out)
}

// Families are the family names, or bodies' names, of the authors.
func (s Specimen) Families() []string {
	var out []string
	open := false
	for i, label := range s.Labels {
		first := label == sequence.AuthorFamilyFirst || label == sequence.AuthorBodyFirst
		if label == sequence.AuthorGivenFirst || first && (i == 0 || s.Labels[i-1] != label) {
			open = false
		}
		if !first && label != sequence.AuthorFamily && label != sequence.AuthorBody {
			continue
		}
		if !open {
			out, open = append(out, ""), true
		}
		out[len(out)-1] += s.Text[i : i+1]
	}
	return out
}
