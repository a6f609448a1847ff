package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// particles that begin a family name, in small letters.
var particles = []string{
	"van", "von", "vom", "de", "der", "den", "del", "della", "di", "da", "do", "dos", "das", "du", "la", "le", "las", "los", "lo",
	"ter", "ten", "te", "zu", "zur", "zum", "af", "av", "el", "al", "bin", "ibn", "ben", "’t", "'t", "‘t", "d’", "d'", "y", "e",
}

var suffixes = []string{"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}

// degrees and forms of address that are no part of a name.
var titles = []string{
	"dr", "dr.", "prof", "prof.", "professor", "phd", "ph.d.", "ph.d", "md", "m.d.", "m.d", "msc", "m.sc.", "bsc", "b.sc.", "ma", "m.a.",
	"mph", "mba", "rn", "dphil", "d.phil.", "mr.", "mrs.", "ms.", "frcp", "facs", "esq.", "dipl.-ing.", "dr.-ing.", "habil.", "med.", "rer.",
	"nat.", "phil.", "ing.", "priv.-doz.", "m.eng.", "b.a.", "m.s.", "m.sc", "dipl.", "mag.", "univ.-prof.", "dott.", "mmed", "dvm", "pharmd",
}

// hispanicFamilies and hispanicGiven are among the most frequent in Spain and
// Latin America. Where one of the first stands last but one, the family name has
// two parts; where one of the second stands second of four or more, so has the
// given name.
var (
	hispanicFamilies = []string{
		"garcía", "garcia", "rodríguez", "rodriguez", "gonzález", "gonzalez", "fernández", "fernandez", "lópez", "lopez", "martínez", "martinez",
		"sánchez", "sanchez", "pérez", "perez", "gómez", "gomez", "hernández", "hernandez", "jiménez", "jimenez", "díaz", "diaz", "álvarez", "alvarez",
		"ramírez", "ramirez", "gutiérrez", "gutierrez", "vázquez", "vazquez", "muñoz", "domínguez", "dominguez", "suárez", "suarez", "ortega",
	}
	hispanicGiven = []string{
		"maría", "maria", "josé", "jose", "luis", "juan", "carlos", "antonio", "manuel", "jesús", "francisco", "ángel", "miguel", "pablo", "fernando",
		"alberto", "eduardo", "enrique", "isabel", "carmen", "teresa", "elena", "luisa", "cristina", "javier", "alejandro", "andrés", "ignacio",
	}
)

// compoundFamilies are the family names of two characters that are written
// before a given name without a space.
var compoundFamilies = []string{"欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "东方", "東方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "남궁", "황보", "선우", "제갈"}

// parseName splits a name written "Given Family", "Family, Given", "FAMILY
// Given" or, in Chinese and Korean, "FamilyGiven". ok is false for what does not
// look like a person's name.
func parseName(text string) (name csl.Name, ok bool) {
	family, given, inverted := strings.Cut(text, ",")
	if inverted && strings.TrimSpace(given) != "" && !slices.Contains(suffixes, strings.ToLower(strings.TrimSpace(given))) {
		name = csl.Name{Family: cleanNamePart(family), Given: cleanNamePart(given)}
		return name, isNamePart(name.Family) && isNamePart(name.Given)
	}
	var parts []string
	for part := range strings.FieldsSeq(strings.ReplaceAll(text, ",", " ")) {
		part = trimMarks(part)
		if part != "" && !slices.Contains(titles, strings.ToLower(part)) {
			parts = append(parts, part)
		}
	}
	if name, ok = eastAsianName(parts); ok {
		return name, true
	}
	if n := len(parts); n > 2 && slices.Contains(suffixes, strings.ToLower(parts[n-1])) {
		name.Suffix = parts[n-1]
		parts = parts[:n-1]
	}
	if len(parts) < 2 || len(parts) > 7 || !isCapitalised(parts[0]) {
		return csl.Name{}, false
	}
	for i, part := range parts {
		if !isNamePart(part) || i > 0 && startsLower(part) && !isParticle(part) && !strings.ContainsAny(part, "-’'") {
			return csl.Name{}, false
		}
	}
	if last := parts[len(parts)-1]; isParticle(last) && startsLower(last) {
		return csl.Name{}, false
	}
	parts, family, given = inOrder(parts)
	if family != "" {
		name.Family, name.Given = family, given
		return name, true
	}
	first := familyFrom(parts)
	name.Given = strings.Join(parts[:first], " ")
	name.Family = strings.Join(parts[first:], " ")
	return name, true
}

func isParticle(part string) bool {
	const longest = 5 // bytes, of "della"
	return len(part) <= longest && slices.Contains(particles, strings.ToLower(part))
}

// inOrder knows names that are printed with the family name in capitals or
// before the initials; in a name that is in capitals throughout it makes small
// letters. It gives no family for a name in the usual order.
func inOrder(parts []string) (cleaned []string, family, given string) {
	capitals := 0
	for _, part := range parts {
		if isAllCapitals(part) {
			capitals++
		}
	}
	if capitals > 0 && capitals == len(parts)-countInitials(parts) {
		parts = slices.Clone(parts)
		for i, part := range parts {
			if isAllCapitals(part) {
				parts[i] = smallLetters(part)
			}
		}
	} else if capitals > 0 {
		// "WANG Jianguo", "Jianguo WANG", "Ana DE SOUZA".
		first, last := -1, -1
		for i, part := range parts {
			if isAllCapitals(part) {
				if first < 0 {
					first = i
				}
				last = i
			}
		}
		if last-first+1 == capitals && (first == 0 || last == len(parts)-1) {
			var names []string
			for _, part := range parts[first : last+1] {
				names = append(names, smallLetters(part))
			}
			rest := append(slices.Clone(parts[:first]), parts[last+1:]...)
			// Short capitals after a given name can be initials without dots.
			if first == 0 || capitals > 1 || utf8.RuneCountInString(parts[first]) > 2 {
				for len(rest) > 1 && first > 0 && isParticle(rest[len(rest)-1]) && startsLower(rest[len(rest)-1]) {
					names = append([]string{rest[len(rest)-1]}, names...)
					rest = rest[:len(rest)-1]
				}
				return parts, strings.Join(names, " "), strings.Join(rest, " ")
			}
		}
	}
	// "Иванов И. П.", "Smith J. A.": initials at the end, none before.
	initials := 0
	for i := len(parts) - 1; i > 0 && isDottedInitial(parts[i]); i-- {
		initials++
	}
	if initials > 0 && initials == countInitials(parts) && len(parts)-initials >= 1 {
		cut := len(parts) - initials
		return parts, strings.Join(parts[:cut], " "), strings.Join(parts[cut:], " ")
	}
	return parts, "", ""
}

// familyFrom is where the family name begins.
func familyFrom(parts []string) int {
	last := len(parts) - 1
	first := last
	// From the first small particle on, where nothing but particles, of either
	// case, stand between it and the last part: "de La Tour".
	for i := last - 1; i > 0 && isParticle(parts[i]); i-- {
		if startsLower(parts[i]) {
			first = i
		}
	}
	switch {
	case first > 1 && (parts[first] == "y" || parts[first] == "e"):
		return first - 1 // Ortega y Gasset
	case first < last:
		return first
	case len(parts) >= 4 && slices.Contains(hispanicGiven, strings.ToLower(parts[1])) && countInitials(parts) == 0:
		return 2
	case len(parts) >= 3 && slices.Contains(hispanicFamilies, strings.ToLower(parts[last-1])) && countInitials(parts[1:]) == 0:
		return last - 1
	}
	return first
}

// eastAsianName splits names without a space, and with one: the family name
// stands first in both.
func eastAsianName(parts []string) (csl.Name, bool) {
	for _, part := range parts {
		for _, r := range part {
			if !unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) {
				return csl.Name{}, false
			}
		}
	}
	switch len(parts) {
	case 1:
		runes := []rune(parts[0])
		if len(runes) < 2 || len(runes) > 4 || !unicode.In(runes[0], unicode.Han, unicode.Hangul) {
			return csl.Name{}, false
		}
		cut := 1
		if len(runes) > 2 && slices.Contains(compoundFamilies, string(runes[:2])) {
			cut = 2
		}
		return csl.Name{Family: string(runes[:cut]), Given: string(runes[cut:])}, true
	case 2:
		family, given := utf8.RuneCountInString(parts[0]), utf8.RuneCountInString(parts[1])
		if family == 1 && given == 1 || family <= 4 && given <= 5 {
			return csl.Name{Family: parts[0], Given: parts[1]}, true
		}
	}
	return csl.Name{}, false
}

// isInitial accepts "J", "J." and "J.-P.", and for scripts with capitals only.
func isInitial(part string) bool {
	return isDottedInitial(part) || utf8.RuneCountInString(part) == 1
}

func isDottedInitial(part string) bool {
	if !strings.HasSuffix(part, ".") {
		return false
	}
	for piece := range strings.SplitSeq(strings.ReplaceAll(part, "-", ""), ".") {
		// "Yu." and "Th." are initials, too.
		n := utf8.RuneCountInString(piece)
		if n > 2 || n == 2 && (piece == strings.ToUpper(piece) || !isCapitalised(piece)) {
			return false
		}
	}
	return true
}

func countInitials(parts []string) int {
	n := 0
	for _, part := range parts {
		if isInitial(part) {
			n++
		}
	}
	return n
}

// isAllCapitals reports whether a part that is no initial has capitals alone.
func isAllCapitals(part string) bool {
	upper := 0
	for _, r := range part {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLetter(r):
			return false
		}
	}
	return upper >= 2 && !isDottedInitial(part)
}

// smallLetters gives "O’Neill-Smith" for "O’NEILL-SMITH".
func smallLetters(part string) string {
	if isParticle(part) {
		return strings.ToLower(part)
	}
	begin := true
	return strings.Map(func(r rune) rune {
		defer func() { begin = strings.ContainsRune("-‐'’.", r) }()
		if begin {
			return r
		}
		return unicode.ToLower(r)
	}, part)
}

// trimMarks takes the marks of footnotes and affiliations off a name.
func trimMarks(part string) string {
	return strings.TrimFunc(part, func(r rune) bool {
		return unicode.IsDigit(r) || unicode.Is(unicode.No, r) || unicode.Is(unicode.So, r) ||
			strings.ContainsRune("*∗⋆†‡§¶#∥|,;:()[]{}^✉+$，；、", r) || unicode.Is(unicode.Co, r)
	})
}

func cleanNamePart(text string) string {
	var parts []string
	for part := range strings.FieldsSeq(text) {
		if part = trimMarks(part); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

// isNamePart accepts letters with the marks that names have.
func isNamePart(part string) bool {
	letters := 0
	for _, r := range part {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsMark(r), strings.ContainsRune(".-'’‘`´‐‑ ", r):
		default:
			return false
		}
	}
	return letters > 0 && letters <= 40
}

func isCapitalised(part string) bool {
	for _, r := range part {
		if unicode.IsLetter(r) {
			// Scripts without case have no capitals to ask for.
			return !unicode.IsLower(r)
		}
	}
	return false
}

func startsLower(part string) bool {
	for _, r := range part {
		if unicode.IsLetter(r) {
			return unicode.IsLower(r)
		}
	}
	return false
}

// nameSeparator divides names in a line of authors.
var nameSeparator = regexp.MustCompile(`\s*[,;·•|，；、∙⋅]\s*(?:(?i:and|und|et|y|e|og|och|en|и|&)\s+)?|\s+(?i:and|und|et|y|og|och|и|&)\s+`)

// decoration is what stands among names and is none: degrees and memberships.
var decoration = regexp.MustCompile(`^(?:(?i:(?:(?:senior|student|graduate student|life|associate) )*(?:member|fellow)|(?:and )?others|et al\.?|` +
	`for the .*|on behalf of .*|editors?|eds?\.|guest editors?|students?)|[A-Z]{2,6}|(?:[A-Z][a-z]{0,3}\.){1,4}[A-Za-z]{0,3})$`)

// nobody is what programs write where an author's name should stand.
var nobody = regexp.MustCompile(`(?i)^(?:microsoft.*|windows.*|office.*|.* user|user.*|admin.*|owner|author|anonymous|unknown|root|default|` +
	`hewlett.*|hp .*|dell .*|lenovo.*|acer|asus|sony|toshiba.*|apple.*|mac ?book.*|adobe.*|acrobat.*|.*\.(?:docx?|tex|pdf))$`)

// printedName is a name on a page, with the raised marks that stand beside it.
type printedName struct {
	csl.Name
	marks      []string
	start, end int // runes in the text that was split, to the name's last letter
}

// Raised marks in the text of a piece stand between these.
const (
	markOpen  = '\ue000'
	markClose = '\ue001'
)

var (
	markTokens = regexp.MustCompile(`\d+|\pL|[^\pL\d\s,;.]`)
	// danglingAnd is looked for in the last bytes of a list.
	danglingAnd = regexp.MustCompile(`[\s,;]+(?i:and|und|et|y|&)\s*$`)
	gluedMarks  = regexp.MustCompile(`(\pL\.?\)?) ?(\d{1,3}(?:, ?\d{1,3})*)`)
)

const longestDangling = 40

// splitNames divides a text of authors into names with their marks. refused
// counts the pieces that are neither names nor what stands beside names.
func splitNames(text string) (names []printedName, refused int) {
	text = raiseNumbers(text)
	runes := []rune(text)
	// The marks are blanked, so that their commas divide nothing.
	plain, marks := make([]rune, len(runes)), make([]bool, len(runes))
	inside := false
	for i, r := range runes {
		switch {
		case r == markOpen:
			inside = true
		case r == markClose:
			inside = false
		case inside:
			marks[i] = true
		default:
			plain[i] = r
			continue
		}
		plain[i] = markClose
	}
	type span struct{ start, end int }
	var spans []span
	// A line may end with what leads to the next name.
	flat := string(plain)
	if at := danglingAnd.FindStringIndex(flat[max(0, len(flat)-longestDangling):]); at != nil {
		flat = flat[:max(0, len(flat)-longestDangling)+at[0]]
	}
	at := 0
	for _, cut := range append(nameSeparator.FindAllStringIndex(flat, -1), []int{len(flat), len(flat)}) {
		spans = append(spans, span{at, cut[0]})
		at = cut[1]
	}
	// A single word after "y" is the second part of a family name.
	for i := len(spans) - 1; i > 0; i-- {
		if between := strings.TrimSpace(flat[spans[i-1].end:spans[i].start]); between == "y" && len(strings.Fields(flat[spans[i].start:spans[i].end])) == 1 {
			spans[i-1].end = spans[i].end
			spans = slices.Delete(spans, i, i+1)
		}
	}
	counted, countedTo := 0, 0
	offset := func(byteOffset int) int { // asked in ascending order
		counted += utf8.RuneCountInString(flat[countedTo:byteOffset])
		countedTo = byteOffset
		return counted
	}
	for i := 0; i < len(spans); i++ {
		one := spans[i]
		start, end := offset(one.start), offset(one.end)
		piece := strings.TrimSpace(strings.ReplaceAll(flat[one.start:one.end], string(markClose), " "))
		var own []string
		for j := start; j < end; j++ {
			if marks[j] {
				from := j
				for j < end && marks[j] {
					j++
				}
				own = append(own, markTokens.FindAllString(string(runes[from:j]), -1)...)
			}
		}
		piece = strings.TrimPrefix(strings.TrimPrefix(piece, "and "), "& ")
		last := len(names) - 1
		switch lower := strings.ToLower(strings.TrimFunc(piece, func(r rune) bool { return strings.ContainsRune("*∗†‡§¶ ", r) })); {
		case cleanNamePart(piece) == "":
			if last >= 0 {
				names[last].marks = append(append(names[last].marks, markTokens.FindAllString(piece, -1)...), own...)
			}
			continue
		case last >= 0 && slices.Contains(suffixes, lower):
			names[last].Suffix = piece
			names[last].marks = append(names[last].marks, own...)
			continue
		case slices.Contains(titles, lower), decoration.MatchString(piece):
			if last >= 0 {
				names[last].marks = append(names[last].marks, own...)
			}
			continue
		}
		name, ok := parseName(piece)
		if !ok {
			refused++
			continue
		}
		for field := range strings.FieldsSeq(piece) {
			if isMarkWord([]rune(field)) {
				own = append(own, markTokens.FindAllString(field, -1)...)
			}
		}
		for end > start+1 && (marks[end-1] || !unicode.IsLetter(plain[end-1])) {
			end--
		}
		names = append(names, printedName{Name: name, marks: own, start: start, end: end})
	}
	return names, refused
}

// raiseNumbers marks the numbers that stand after names on the line as raised
// ones are marked. It is idempotent.
func raiseNumbers(text string) string {
	if !hasDigit(text) {
		return text
	}
	return gluedMarks.ReplaceAllString(text, "$1"+string(markOpen)+"$2"+string(markClose))
}

// parseNames splits a line of authors. It gives nothing when most of the pieces
// are no names.
func parseNames(text string) []csl.Name {
	text = strings.TrimSpace(text)
	if nobody.MatchString(text) {
		return nil
	}
	// "Family, Given" alone is told by its single word before the comma,
	// "Family, Given; Family, Given" by its semicolons.
	if before, after, ok := strings.Cut(text, ","); ok && len(strings.Fields(before)) == 1 &&
		len(strings.Fields(after)) <= 3 && len(nameSeparator.Split(after, 2)) == 1 {
		if name, ok := parseName(text); ok {
			return []csl.Name{name}
		}
		return nil
	}
	var names []csl.Name
	refused := 0
	if strings.Contains(text, ";") && strings.Contains(text, ",") {
		for piece := range strings.SplitSeq(text, ";") {
			piece = strings.TrimSuffix(strings.TrimSpace(piece), ",")
			if piece == "" {
				continue
			}
			if name, ok := parseName(piece); ok {
				names = append(names, name)
			} else {
				refused++
			}
		}
	} else {
		var printed []printedName
		printed, refused = splitNames(text)
		for _, name := range printed {
			names = append(names, name.Name)
		}
	}
	if len(names) == 0 || refused > len(names) {
		return nil
	}
	return names
}

// hasLetters reports whether at least n letters are in text.
func hasLetters(text string, n int) bool {
	for _, r := range text {
		if unicode.IsLetter(r) {
			if n--; n <= 0 {
				return true
			}
		}
	}
	return n <= 0
}

func runeCount(text string) int { return utf8.RuneCountInString(text) }
