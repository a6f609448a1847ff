package specimen

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind string

// Kinds of works. A style without a template for a kind is not used for it.
const (
	article    kind = "article"
	book       kind = "book"
	edited     kind = "edited"
	chapter    kind = "chapter"
	conference kind = "conference"
	thesis     kind = "thesis"
	report     kind = "report"
	web        kind = "web"
	software   kind = "software"
	preprint   kind = "preprint"
)

// kindsDrawn has a kind as often as it shall come up.
var kindsDrawn = []kind{
	article, article, article, article, article, article, article, book, book, book, edited, chapter, chapter, chapter,
	conference, conference, thesis, report, web, software, preprint,
}

type person struct {
	given, family, body string
	suffix              string // "Jr."
	particle            string // that is printed behind the given name where the family name comes first
}

// record is a work that does not exist.
type record struct {
	kind              kind
	language          string // en, de, fr, es
	authors, editors  []person
	fields            map[string]string // by the names that templates use
	year              int
	month, day        int
	accessYear        int
	accessMonth, aDay int
}

func makeRecord(r *rand.Rand) record {
	w := record{kind: pick(r, kindsDrawn), language: pick(r, words("en en en en en en en en en en de de de de fr fr es es ru zh")), fields: map[string]string{}}
	w.year = 2025 - int(r.ExpFloat64()*14)
	if w.year < 1850 {
		w.year = 1850 + r.IntN(150)
	}
	w.month, w.day = 1+r.IntN(12), 1+r.IntN(28)
	w.accessYear, w.accessMonth, w.aDay = max(w.year, 2001)+r.IntN(4), 1+r.IntN(12), 1+r.IntN(28)
	if w.language == "ru" || w.language == "zh" {
		w.kind = pick(r, []kind{article, article, book, chapter, thesis})
	}
	w.authors = people(r, w.kind, w.language)
	f := w.fields
	suffix := ""
	if chance(r, 0.06) {
		suffix = string(rune('a' + r.IntN(3)))
	}
	f["Y"] = strconv.Itoa(w.year) + suffix
	if chance(r, 0.015) {
		f["Y"] = pick(r, lines("n.d.\nin press\nforthcoming\no. J.\nto appear\nim Erscheinen\ns.d."))
	}
	f["T"] = title(r, w.language)
	has := func(p float64, key, value string) {
		if chance(r, p) {
			f[key] = value
		}
	}
	pages := func(first int) string {
		last := first + 1 + r.IntN(40)
		switch r.IntN(12) {
		case 0:
			return strconv.Itoa(first)
		case 1:
			return "e" + strconv.Itoa(1000+r.IntN(90000))
		case 2:
			return strconv.Itoa(first) + "–" + strconv.Itoa(last%100)
		case 3:
			letter := pick(r, words("S L A R C"))
			return letter + strconv.Itoa(first) + "–" + letter + strconv.Itoa(last)
		case 5:
			if chance(r, 0.4) {
				return pick(r, words("XIII–XXVII ix–xii I–XX xv–xxx XI–XLIV vii–xvi IX i–xii"))
			}
		case 4:
			return pick(r, []string{strconv.Itoa(100000 + r.IntN(900000)), "P" + strconv.Itoa(10000+r.IntN(9999)), strconv.Itoa(1+r.IntN(20)) + ":" + strconv.Itoa(1+r.IntN(30))})
		}
		return strconv.Itoa(first) + "–" + strconv.Itoa(last)
	}
	doi := fmt.Sprintf("10.%d/%s", 1000+r.IntN(30000), doiSuffix(r, w.year))
	url := address(r)
	f["U"] = url
	if (w.kind == book || w.kind == edited) && chance(r, 0.05) && w.language != "zh" {
		f["T"] += pick(r, lines(", Volume 1: \n, Vol. 2: \n, Bd. 1: \n. Band 2: \n, Part II: \n, tome 1 : \n Vol. 3. ")) + title(r, w.language)
	}
	has(0.5, "ACC", "x") // the style says how a date looks
	has(0.5, "DOI", doi)
	if _, ok := f["DOI"]; ok && chance(r, 0.7) {
		delete(f, "U")
	}
	if w.kind != web && w.kind != software && chance(r, 0.75) {
		delete(f, "U")
	}
	publisher, place := pick(r, publishersPlain), pick(r, places)
	if chance(r, 0.12) {
		publisher = pick(r, []string{capital(madeUp(r)), pick(r, families) + " & " + pick(r, families), pick(r, families) + " Verlag", capital(madeUp(r)) + " Press", "University of " + capital(madeUp(r)) + " Press"})
	}
	if chance(r, 0.1) {
		place = capital(madeUp(r))
	}
	switch w.language {
	case "ru":
		publisher, place = pick(r, housesRussian), pick(r, placesRussian)
	case "zh":
		publisher, place = pick(r, housesChinese), pick(r, placesChinese)
	}
	switch w.kind {
	case article:
		f["C"] = journal(r, w.language)
		volume := strconv.Itoa(1 + r.IntN(pick(r, []int{20, 60, 120, 400})))
		if chance(r, 0.03) {
			volume = pick(r, words("XII XXIV IV LIII 12A s2-42 B37 CD-ROM 34–35 7.1"))
		}
		has(0.93, "V", volume)
		issue := strconv.Itoa(1 + r.IntN(pick(r, []int{4, 6, 12, 52})))
		if chance(r, 0.08) {
			issue = pick(r, []string{issue + "–" + strconv.Itoa(r.IntN(10)+2), "Suppl. " + issue, "Suppl " + issue, "S" + issue, "Special Issue", issue + "/" + strconv.Itoa(r.IntN(9)+2), strconv.Itoa(1000 + r.IntN(9000))})
		}
		has(0.65, "I", issue)
		has(0.93, "P", pages(1+r.IntN(2400)))
	case book, edited:
		f["PUB"] = publisher
		has(0.75, "PL", place)
		has(0.25, "ED", strconv.Itoa(pick(r, []int{2, 3, 4, 5, 6, 7, 8, 12, 16})))
		has(0.12, "S", series(r, w.language))
		has(0.08, "V", strconv.Itoa(1+r.IntN(12)))
		has(0.12, "TR", pick(r, []string{capitals(pick(r, given)) + " " + pick(r, families), string([]rune(capital(pick(r, given)))[:1]) + ". " + pick(r, families)}))
		has(0.15, "ISBN", pick(r, []string{
			fmt.Sprintf("978-%d-%03d-%05d-%d", r.IntN(9), r.IntN(999), r.IntN(99999), r.IntN(9)), fmt.Sprintf("978%010d", r.Int64N(9999999999)),
			fmt.Sprintf("%09dX", r.IntN(999999999)), fmt.Sprintf("%010d", r.Int64N(9999999999)),
		}))
		if w.kind == edited {
			w.editors, w.authors = persons(r, w.language, 1+r.IntN(3)), nil
		}
	case chapter:
		f["C"] = title(r, w.language)
		if chance(r, 0.2) {
			f["C"] = pick(r, lines("Handbook of "+capital(pick(r, nounsEnglish))+"\nThe Oxford Handbook of "+capital(pick(r, nounsEnglish))+"\nHandbuch "+pick(r, nounsGerman)+"\nEncyclopedia of "+capital(pick(r, nounsEnglish))))
		}
		f["PUB"] = publisher
		has(0.75, "PL", place)
		has(0.9, "P", pages(1+r.IntN(600)))
		has(0.8, "E", "x")
		if _, ok := f["E"]; ok {
			w.editors = persons(r, w.language, 1+r.IntN(3))
		}
		has(0.1, "ED", strconv.Itoa(2+r.IntN(6)))
		has(0.12, "S", series(r, w.language))
		has(0.12, "V", strconv.Itoa(1+r.IntN(12)))
	case conference:
		f["C"] = proceedings(r, w.year)
		has(0.85, "P", pages(1+r.IntN(3000)))
		has(0.5, "PUB", publisher)
		has(0.45, "PL", place)
		has(0.15, "S", series(r, w.language))
		has(0.15, "V", strconv.Itoa(1+r.IntN(150)))
		if chance(r, 0.15) {
			f["E"], w.editors = "x", persons(r, w.language, 1+r.IntN(3))
		}
	case thesis:
		f["PUB"] = pick(r, schools)
		has(0.4, "PL", place)
		genres := map[string]string{
			"en": "PhD thesis\nPh.D. thesis\nPh.D. dissertation\nPhD diss.\nMaster's thesis\nDoctoral dissertation\nUnpublished doctoral dissertation\nMSc thesis\nThesis",
			"de": "Dissertation\nDiss.\nMasterarbeit\nHabilitationsschrift\nunveröff. Diss.\nDiplomarbeit\nPhil. Diss.",
			"fr": "Thèse de doctorat\nthèse", "es": "Tesis doctoral\ntesis de maestría", "ru": "дис. ... канд. наук\nдиссертация", "zh": "D\nM",
		}
		f["G"] = pick(r, lines(genres[w.language]))
	case report:
		f["PUB"] = pick(r, append(slices.Concat(bodies, schools), capital(madeUp(r))+" "+pick(r, words("InfoLab Lab Laboratory Laboratories Center Research Labs Institute")), pick(r, words("Stanford Bell Sandia Argonne IBM"))+" "+pick(r, words("InfoLab Labs Laboratories Research"))))
		has(0.4, "PL", place)
		f["N"] = pick(r, []string{strconv.Itoa(1 + r.IntN(9000)), "TR-" + strconv.Itoa(r.IntN(900)), fmt.Sprintf("%d-%02d", w.year, r.IntN(99)), "NBER-" + strconv.Itoa(r.IntN(30000))})
		f["G"] = pick(r, lines("Technical Report\nTech. Rep.\nWorking Paper\nReport\nDiscussion Paper\nTechnical report\nResearch Report\nArbeitspapier\nWhite Paper"))
	case web:
		has(0.5, "C", pick(r, []string{capital(madeUp(r)), pick(r, bodies), "Wikipedia", "Medium", "YouTube", capital(madeUp(r)) + " Blog", "The " + capital(madeUp(r)) + " Post"}))
		f["U"] = url
		has(0.6, "ACC", "x")
	case software:
		f["U"] = url
		f["T"] = softwareTitle(r)
		has(0.5, "PUB", pick(r, lines("Zenodo\nGitHub\nGitHub repository\nfigshare\nDryad\nR Foundation for Statistical Computing\nRStudio, Inc.\nHarvard Dataverse\nMicrosoft\nPANGAEA")))
		has(0.2, "PL", place)
		has(0.55, "ED", strings.TrimPrefix(version(r), "REL: "))
		has(0.6, "G", pick(r, lines("Computer software\nSoftware\nData set\nDataset\nR package\nComputer program\nSource code\nPython package")))
	case preprint:
		id := fmt.Sprintf("%02d%02d.%05d", 7+r.IntN(18), w.month, r.IntN(99999))
		if chance(r, 0.15) {
			id = pick(r, words("hep-th math cs quant-ph astro-ph cond-mat")) + "/" + fmt.Sprintf("%02d%02d%03d", r.IntN(7), w.month, r.IntN(999))
		}
		f["N"] = id
		f["C"] = pick(r, lines("arXiv\narXiv\narXiv preprint\nbioRxiv\nmedRxiv\nPsyArXiv\nSSRN\narXiv e-prints\nCoRR"))
		f["G"] = pick(r, lines("Preprint\npreprint"))
	}
	return w
}

func doiSuffix(r *rand.Rand, year int) string {
	switch r.IntN(7) {
	case 0:
		return fmt.Sprintf("journal.p%s.%07d", pick(r, words("one bio cbi gen")), r.IntN(9999999))
	case 1:
		return fmt.Sprintf("s%d-%03d-%04d-%d", 10000+r.IntN(50000), r.IntN(999), r.IntN(9999), r.IntN(9))
	case 2:
		return fmt.Sprintf("j.%s.%d.%02d.%03d", madeUp(r), year, 1+r.IntN(12), r.IntN(999))
	case 3:
		return fmt.Sprintf("S%04d-%04d(%02d)%05d-%d", r.IntN(9999), r.IntN(9999), r.IntN(99), r.IntN(99999), r.IntN(9))
	case 4:
		return fmt.Sprintf("%d.%d", 1000000+r.IntN(9000000), 1000000+r.IntN(9000000))
	case 5:
		return fmt.Sprintf("978-%d-%d-%d-%d_%d", r.IntN(9), 100+r.IntN(900), 10000+r.IntN(80000), r.IntN(9), 1+r.IntN(30))
	}
	return fmt.Sprintf("%s.%d", madeUp(r), r.IntN(99999))
}

func address(r *rand.Rand) string {
	var out strings.Builder
	out.WriteString(pick(r, words("https:// https:// https:// http://")))
	out.WriteString(pick(r, domains))
	out.WriteByte('/')
	for i := range r.IntN(4) {
		if i > 0 {
			out.WriteByte('/')
		}
		out.WriteString(pick(r, []string{madeUp(r), pick(r, nounsEnglish), strconv.Itoa(1990 + r.IntN(35)), madeUp(r) + "-" + pick(r, nounsEnglish) + ".html", madeUp(r) + ".pdf", "index.php?id=" + strconv.Itoa(r.IntN(9999))}))
	}
	return out.String()
}

func people(r *rand.Rand, k kind, language string) []person {
	if language == "zh" {
		return persons(r, language, 1+r.IntN(4))
	}
	body := 0.04
	if slices.Contains([]kind{report, web, software}, k) {
		body = 0.4
	} else if slices.Contains([]kind{preprint, thesis, edited, chapter}, k) {
		body = 0.01
	}
	if chance(r, body) {
		if chance(r, 0.15) {
			return []person{{body: capital(madeUp(r)) + " " + pick(r, words("Team Group Consortium Institute Foundation Collaboration Association Developers Project"))}}
		}
		return []person{{body: pick(r, bodies)}}
	}
	count := 1 + int(r.ExpFloat64()*pick(r, []float64{0.6, 1.5, 3}))
	if k == thesis {
		count = 1
	}
	out := persons(r, language, min(count, 14))
	if len(out) > 1 && chance(r, 0.02) {
		out = append(out, person{body: pick(r, bodies)})
	}
	return out
}

func persons(r *rand.Rand, language string, count int) []person {
	out := make([]person, count)
	for i := range out {
		switch language {
		case "ru":
			out[i] = person{given: pick(r, givenRussian) + " " + pick(r, givenRussian), family: pick(r, familiesRussian)}
		case "zh":
			out[i] = person{body: pick(r, namesChinese)}
		default:
			out[i] = makePerson(r)
		}
	}
	return out
}

func makePerson(r *rand.Rand) person {
	family := pick(r, families)
	switch {
	case chance(r, 0.07):
		family = pick(r, particled)
	case chance(r, 0.25):
		family = capital(madeUp(r))
	case chance(r, 0.04):
		family += "-" + pick(r, families)
	case chance(r, 0.03):
		family += " " + pick(r, families)
	}
	first := func() string {
		if chance(r, 0.3) {
			return capital(madeUp(r))
		}
		return capitals(pick(r, given))
	}
	name := first()
	if chance(r, 0.06) {
		name += "-" + first()
	}
	switch n := r.IntN(20); {
	case n < 9:
		name += " " + string([]rune(first())[:1]) + "."
	case n < 11:
		name += " " + first()
	case n < 13:
		name += " " + string([]rune(first())[:1]) + ". " + string([]rune(first())[:1]) + "."
	}
	one := person{given: name, family: family}
	switch {
	case chance(r, 0.015):
		one.suffix = pick(r, words("Jr. Jr. Jr Sr. II III"))
	case chance(r, 0.015):
		one.particle = pick(r, lines("de\nvon\nvan\nvan der\nvon der\nda\nde la\ndel"))
	case chance(r, 0.01):
		one.given, one.family = "", pick(r, []string{madeUp(r), capital(madeUp(r)), capital(madeUp(r)) + capital(madeUp(r))})
	}
	return one
}

func capital(word string) string {
	r, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(r)) + word[size:]
}

// capitals is capital for each part of a double name.
func capitals(word string) string {
	parts := strings.Split(word, "-")
	for i := range parts {
		parts[i] = capital(parts[i])
	}
	return strings.Join(parts, "-")
}

func title(r *rand.Rand, language string) string {
	var out string
	switch language {
	case "de":
		out = titleGerman(r)
	case "fr":
		out = titleRomance(r, nounsFrench, adjectivesFrench, words("de du des"), "et", "La", "dans")
	case "ru":
		return titleRussian(r)
	case "zh":
		return pick(r, []string{"", "", "基于" + pick(r, nounsChinese) + "的"}) + pick(r, nounsChinese) + pick(r, []string{"", "与" + pick(r, nounsChinese)}) + pick(r, tailsChinese)
	case "es":
		out = titleRomance(r, nounsSpanish, adjectivesSpanish, words("de del"), "y", "La", "en")
	default:
		out = titleEnglish(r)
	}
	switch {
	case chance(r, 0.02):
		out = out + " " + pick(r, words("I II III IV"))
	case chance(r, 0.03):
		out = fmt.Sprintf("%s, %d–%d", out, 1500+r.IntN(400), 1900+r.IntN(120))
	case chance(r, 0.02):
		out = fmt.Sprintf("%s %s %d", out, pick(r, words("since in after before")), 1900+r.IntN(120))
	case chance(r, 0.02):
		out = out + " (" + strings.ToUpper(madeUp(r)[:3]) + ")"
	case chance(r, 0.02):
		out = pick(r, words("COVID-19 DNA HIV MRI 3D 50 12 Python")) + " " + lowerFirst(out)
	case chance(r, 0.015):
		out = "‘" + capital(pick(r, nounsEnglish)) + "’ and " + lowerFirst(out)
	case chance(r, 0.015):
		quote := pick(r, []string{"‘’", "''", "“”", "’’"})
		marks := []rune(quote)
		out = out + pick(r, []string{": ", " "}) + string(marks[0]) + nounEnglish(r) + string(marks[1]) + " " + nounEnglish(r)
	case chance(r, 0.02):
		out += pick(r, []string{".", ".", " –", ":"}) + " " + pick(r, words("I II III IV V VI VII")) + ". " + capital(nounEnglish(r))
	case chance(r, 0.03):
		name := strings.ToUpper(madeUp(r)[:3])
		out += " " + pick(r, words("in of from for")) + " " + name + " " + strconv.Itoa(1+r.IntN(9000))
		if chance(r, 0.4) {
			out += " and " + name + " " + strconv.Itoa(1+r.IntN(9000))
		}
	case chance(r, 0.015):
		out = strings.ToUpper(madeUp(r)[:4]) + ", the " + lowerFirst(out)
	case chance(r, 0.02):
		out += "; " + pick(r, words("a the an")) + " " + nounEnglish(r)
	case chance(r, 0.02):
		out += " (" + pick(r, []string{madeUp(r), strconv.Itoa(1+r.IntN(9)) + madeUp(r), strconv.Itoa(1900 + r.IntN(120)), "with " + pick(r, nounsEnglish), capital(madeUp(r)) + " et al., " + strconv.Itoa(1990+r.IntN(30))}) + ")"
	case chance(r, 0.02):
		out = strings.TrimRight(out, "?.") + "?"
	case chance(r, 0.02):
		out += " for " + strconv.Itoa(2+r.IntN(900)) + " " + nounEnglish(r)
	case chance(r, 0.015):
		out = strings.ToUpper(madeUp(r)[:3]) + " " + strconv.Itoa(1990+r.IntN(35)) + " " + lowerFirst(out)
	case chance(r, 0.01):
		out = strconv.Itoa(2+r.IntN(100)) + " years of " + lowerFirst(out)
	}
	return out
}

func lowerFirst(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToLower(r)) + text[size:]
}

func nounEnglish(r *rand.Rand) string {
	noun := pick(r, nounsEnglish)
	switch {
	case chance(r, 0.12):
		noun = madeUp(r)
	case chance(r, 0.3):
		noun += "s"
	}
	if chance(r, 0.5) {
		noun = pick(r, adjectivesEnglish) + " " + noun
	}
	if chance(r, 0.15) {
		noun = pick(r, nounsEnglish) + " " + noun
	}
	if chance(r, 0.04) {
		noun = strings.ToUpper(madeUp(r)[:3]) + " " + noun
	}
	if chance(r, 0.03) {
		noun = pick(r, families) + "'s " + noun
	}
	return noun
}

func titleEnglish(r *rand.Rand) string {
	n := func() string { return nounEnglish(r) }
	var out string
	switch r.IntN(16) {
	case 13:
		out = capital(pick(r, adjectivesEnglish)) + " " + capital(pick(r, nounsEnglish)) + "s: " + pick(r, words("the a an")) + " " + n() + " of " + n()
	case 14:
		out = pick(r, nounsEnglish) + ", " + capital(pick(r, nounsEnglish)) + ", and " + capital(pick(r, nounsEnglish)) + ": " + n() + " in " + n() + ", " + n() + ", and " + n()
	case 15:
		out = pick(r, []string{capital(madeUp(r)), capital(madeUp(r)) + capital(pick(r, nounsEnglish)), strings.ToUpper(madeUp(r)[:4]), capital(madeUp(r)) + strings.ToUpper(madeUp(r)[:2])}) + ": " + n() + " " + pick(r, words("on in for of")) + " " + n()
	case 0:
		out = n() + " of " + n() + " in " + n()
	case 1:
		out = "the " + n() + " of " + n()
	case 2:
		out = pick(r, gerundsEnglish) + " " + n() + " with " + n() + " and " + n()
	case 3:
		out = "on the " + n() + " of " + n() + " under " + n()
	case 4:
		out = n() + " and " + n()
	case 5:
		out = n()
	case 6:
		out = "a " + n() + " for " + n() + " using " + n()
	case 7:
		out = "how do " + n() + " and " + n() + " shape " + n() + "?"
	case 8:
		out = pick(r, gerundsEnglish) + " " + n()
	case 9:
		out = "effects of " + n() + " on " + n() + " in " + n() + ", " + n() + " and " + n()
	case 10:
		out = "an introduction to " + n()
	case 11:
		out = pick(r, []string{capital(madeUp(r)), capital(pick(r, given)), strings.ToUpper(madeUp(r)[:4]), capital(madeUp(r)) + capital(madeUp(r)), capital(pick(r, nounsEnglish))}) + ": " + pick(r, words("a an the")) + " " + n() + " for " + n()
	default:
		out = n() + " from " + n() + " to " + n()
	}
	if chance(r, 0.25) {
		tail := pick(r, []string{"a " + pick(r, words("review survey case comparative meta-analytic")) + " " + pick(r, words("study analysis perspective approach")), n(), "evidence from " + capital(madeUp(r)), n() + " and " + n(), "from " + n() + " to " + n()})
		out += pick(r, []string{": ", ": ", ": ", ": ", ": ", ": ", ": ", ": ", ": ", ": ", " – ", " - ", ". ", "? "}) + capitalSome(r, tail)
	}
	return capital(out)
}

func capitalSome(r *rand.Rand, text string) string {
	if chance(r, 0.6) {
		return capital(text)
	}
	return text
}

func titleGerman(r *rand.Rand) string {
	n := func() string {
		if chance(r, 0.12) {
			return capital(madeUp(r)) + pick(r, words("ung heit keit schaft theorie geschichte"))
		}
		return pick(r, nounsGerman)
	}
	a := func() string { return pick(r, adjectivesGerman) }
	var out string
	switch r.IntN(9) {
	case 0:
		out = "Die " + n() + " der " + n()
	case 1:
		out = n() + " und " + n() + " in der " + a() + "n " + n()
	case 2:
		out = "Zur " + n() + " der " + a() + "n " + n()
	case 3:
		out = capital(a()) + " " + n()
	case 4:
		out = n() + " als " + n()
	case 5:
		out = "Über " + n() + ", " + n() + " und " + n()
	case 6:
		out = "Das " + n() + " im " + strconv.Itoa(12+r.IntN(9)) + ". Jahrhundert"
	case 7:
		out = "Was ist " + n() + "?"
	default:
		out = n()
	}
	if chance(r, 0.4) {
		out += pick(r, []string{". ", ". ", ". ", ": ", " – "}) + pick(r, []string{"Eine Einführung", "Studien zur " + n(), n() + " und " + n(), "Beiträge zu einer " + n() + " der " + n(), "Ein Handbuch", "Untersuchungen zu einer Kategorie der " + a() + "n " + n(), "Grundriß einer " + a() + "n " + n()})
	}
	return out
}

func titleRomance(r *rand.Rand, nouns, adjectives, of []string, and, the, in string) string {
	n := func() string {
		if chance(r, 0.1) {
			return madeUp(r)
		}
		return pick(r, nouns)
	}
	var out string
	switch r.IntN(5) {
	case 0:
		out = the + " " + n() + " " + pick(r, of) + " " + n()
	case 1:
		out = n() + " " + and + " " + n() + " " + in + " " + lowerFirst(the) + " " + n() + " " + pick(r, adjectives)
	case 2:
		out = n() + " " + pick(r, adjectives)
	case 3:
		out = n() + ", " + n() + " " + and + " " + n()
	default:
		out = the + " " + n() + " " + pick(r, adjectives)
	}
	if chance(r, 0.25) {
		out += pick(r, []string{" : ", ". ", ": "}) + n() + " " + pick(r, of) + " " + n()
	}
	return capital(out)
}

func version(r *rand.Rand) string {
	return pick(r, []string{"", "v", "v", "REL: v"}) + pick(r, []string{
		fmt.Sprintf("%d.%d.%d", r.IntN(4), r.IntN(20), r.IntN(10)), fmt.Sprintf("%d.%d", r.IntN(12), r.IntN(20)), fmt.Sprintf("%d.%d.%drc%d", r.IntN(4), r.IntN(20), r.IntN(9), r.IntN(4)),
		fmt.Sprintf("%d.%02d", 2012+r.IntN(13), 1+r.IntN(12)),
	})
}

func titleRussian(r *rand.Rand) string {
	out := capital(pick(r, nounsRussian)) + " " + pick(r, ofRussian)
	switch r.IntN(4) {
	case 0:
		out += " и " + pick(r, nounsRussian) + " " + pick(r, ofRussian)
	case 1:
		out += ": " + pick(r, nounsRussian) + " " + pick(r, ofRussian)
	case 2:
		out = "К вопросу о " + pick(r, nounsRussian)
	}
	return out
}

func softwareTitle(r *rand.Rand) string {
	name := pick(r, []string{madeUp(r), capital(madeUp(r)), strings.ToUpper(madeUp(r)[:3]) + "py", madeUp(r) + "/" + madeUp(r), "gg" + madeUp(r)})
	switch r.IntN(8) {
	case 0:
		return name
	case 1:
		return name + ": " + capital(nounEnglish(r)) + " for " + capital(pick(r, words("Python R Julia MATLAB Java")))
	case 2:
		return name + ": an R package for " + nounEnglish(r)
	case 3:
		return name + ": " + capital(nounEnglish(r)) + " in Python"
	case 4:
		return name + ": " + version(r)
	case 5:
		return capital(madeUp(r)) + " " + version(r)
	}
	return name + ": " + nounEnglish(r) + " of " + nounEnglish(r)
}

func journal(r *rand.Rand, language string) string {
	switch language {
	case "ru":
		return pick(r, []string{"Вопросы " + pick(r, ofRussian), "Вестник МГУ", "Журнал " + pick(r, ofRussian), "Известия РАН", capital(pick(r, nounsRussian)) + " и " + pick(r, nounsRussian)})
	case "zh":
		return pick(r, journalsChinese)
	}
	N := func() string { return capital(pick(r, nounsEnglish)) }
	A := func() string { return capital(pick(r, adjectivesEnglish)) }
	if chance(r, 0.25) {
		return pick(r, journalsWhole)
	}
	if chance(r, 0.06) {
		return capital(madeUp(r))
	}
	if chance(r, 0.2) {
		dots := chance(r, 0.75)
		parts := []string{}
		if chance(r, 0.5) {
			parts = append(parts, pick(r, words("J. J. Ann. Proc. Trans. Acta Bull. Arch. Int. Eur. Am. Z.")))
			if chance(r, 0.4) {
				parts = append(parts, pick(r, words("J. Rev. Soc.")))
			}
		}
		for range 1 + r.IntN(3) {
			parts = append(parts, pick(r, topicsAbbreviated))
		}
		if chance(r, 0.15) {
			parts = append(parts, pick(r, words("A B C D")))
		}
		out := strings.Join(parts, " ")
		if !dots {
			out = strings.ReplaceAll(out, ".", "")
		}
		return out
	}
	switch language {
	case "de":
		n := pick(r, nounsGerman)
		return pick(r, []string{"Zeitschrift für " + n, n + " und " + pick(r, nounsGerman), "Archiv für " + n + "geschichte", "Deutsche Vierteljahrsschrift für " + n, "Jahrbuch für " + n, "Kölner Zeitschrift für " + n, n + "swissenschaft", "Neue " + n, "ZfS. Zeitschrift für " + n, "Berliner Blätter", "Beiträge zur " + n, capital(madeUp(r)) + "er Hefte"})
	case "fr":
		n := pick(r, nounsFrench)
		return pick(r, []string{"Revue française de " + n, "Revue d'" + n, "Cahiers de " + n, "Annales de " + n, "Actes de la recherche en " + n, capital(n) + " et " + pick(r, nounsFrench), "Le Mouvement social", "Bulletin de " + n})
	case "es":
		n := pick(r, nounsSpanish)
		return pick(r, []string{"Revista de " + capital(n), "Revista Española de " + capital(n), "Cuadernos de " + n, "Anales de " + capital(n), "Estudios de " + n, "Boletín de " + capital(n), capital(n) + " y " + pick(r, nounsSpanish)})
	}
	switch r.IntN(16) {
	case 0, 1, 2:
		return "Journal of " + N()
	case 3:
		return "Journal of " + A() + " " + N()
	case 4:
		return "The " + pick(r, words("American British European International Canadian")) + " Journal of " + N() + " and " + N()
	case 5:
		return "Annual Review of " + N()
	case 6:
		return A() + " " + N()
	case 7:
		return N() + " & " + N()
	case 8:
		return "Frontiers in " + A() + " " + N()
	case 9:
		return "IEEE Transactions on " + A() + " " + N()
	case 10:
		return N() + " and " + N()
	case 11:
		return pick(r, words("International European American")) + " " + N() + " Review"
	case 12:
		return "Journal of " + N() + ", " + N() + ", and " + N()
	case 13:
		return N() + pick(r, []string{": ", ": The Journal of ", ": ", " - "}) + pick(r, []string{N() + " and " + N(), A() + " " + N(), N() + ", " + N() + " and " + N(), pick(r, nounsEnglish) + ", " + pick(r, nounsEnglish) + " and " + pick(r, nounsEnglish)})
	}
	return N() + " " + pick(r, words("Research Letters Studies Quarterly Today Review Reports Reviews Communications Science"))
}

func proceedings(r *rand.Rand, year int) string {
	ordinal := strconv.Itoa(2+r.IntN(48)) + "th"
	noun := capital(pick(r, adjectivesEnglish)) + " " + capital(pick(r, nounsEnglish))
	short := strings.ToUpper(madeUp(r)[:3])
	switch r.IntN(11) {
	case 0:
		return "Proceedings of the " + ordinal + " International Conference on " + noun
	case 1:
		return "Proceedings of the " + ordinal + " " + pick(r, words("ACM IEEE AAAI USENIX")) + " Symposium on " + noun
	case 2:
		return "Proc. " + short + " " + strconv.Itoa(year)
	case 3:
		return "Proc. " + ordinal + " Int. Conf. " + noun
	case 4:
		return "International Conference on " + noun + " (" + short + ")"
	case 5:
		return pick(r, []string{short + " '" + strconv.Itoa(year)[2:], "Proc. " + short, "Proc. " + short + "-" + strings.ToUpper(madeUp(r)[:3]), short, short + " " + strconv.Itoa(year), "Proceedings of " + short + "-" + strings.ToUpper(madeUp(r)[:2]), short, "Proc. of the " + short + " Conf. on " + noun})
	case 6:
		return strconv.Itoa(year) + " IEEE Conference on " + noun
	case 7:
		return "Advances in " + noun + " " + strconv.Itoa(2+r.IntN(34))
	case 8:
		return "Workshop on " + noun
	case 9:
		return "Proceedings of " + short + " " + strconv.Itoa(year) + ", " + ordinal + " Annual Conference on " + noun
	}
	return "Proceedings of the " + noun + " Conference - Volume " + strconv.Itoa(1+r.IntN(40))
}

func series(r *rand.Rand, language string) string {
	if language == "de" {
		return pick(r, []string{"Studien zur " + pick(r, nounsGerman), "Schriften zur " + pick(r, nounsGerman), "Beiträge zur " + pick(r, nounsGerman) + " " + strconv.Itoa(1+r.IntN(90)), "suhrkamp taschenbuch wissenschaft " + strconv.Itoa(r.IntN(2000))})
	}
	return pick(r, []string{"Lecture Notes in Computer Science", "Lecture Notes in " + capital(pick(r, nounsEnglish)), "Springer Series in " + capital(pick(r, nounsEnglish)), "Graduate Texts in Mathematics", "Studies in " + capital(pick(r, adjectivesEnglish)) + " " + capital(pick(r, nounsEnglish)), "Cambridge Studies in " + capital(pick(r, nounsEnglish)), "LNCS"})
}
