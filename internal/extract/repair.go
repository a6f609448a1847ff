package extract

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
)

// Limits of what is repaired; a larger file stays damaged.
const (
	maxRepairSize    = 64 << 20 // bytes
	maxRepairObjects = 500_000
	maxObjectNumber  = 8_388_607 // ISO 32000-1, annex C
	repairHeader     = "%PDF-1.7\n"
	// dictionaryLength in bytes is looked at of each object to tell what it is.
	dictionaryLength = 4 << 10
)

var (
	objectStart = regexp.MustCompile(`(?:^|[\x00\t\n\f\r >])(\d{1,10})[\x00\t\n\f\r ]+(\d{1,5})[\x00\t\n\f\r ]+obj`)
	typePage    = regexp.MustCompile(`/Type\s*/Page\b`)
	encryption  = regexp.MustCompile(`/Encrypt\s+\d+\s+\d+\s+R`)
	identifier  = regexp.MustCompile(`/ID\s*\[\s*<[0-9A-Fa-f\s]*>\s*<[0-9A-Fa-f\s]*>\s*\]`)
)

// repair gives a file that PDFium cannot open as one that it perhaps can: the
// same bytes under a header, then a page tree and cross-references made from the
// objects that can be seen in it. PDFium does the like by itself, but gives up
// where the header, the trailer or the page tree is missing, or an object has an
// impossible number. It is nil when there is no object that looks like a page.
func repair(data []byte) []byte {
	type found struct {
		offset     int
		generation int
	}
	objects := map[int]found{}
	matches := objectStart.FindAllSubmatchIndex(data, maxRepairObjects)
	largest := 0
	isPage := map[int]bool{}
	for i, m := range matches {
		number, err := strconv.Atoi(string(data[m[2]:m[3]]))
		if err != nil || number < 1 || number > maxObjectNumber {
			continue
		}
		generation, err := strconv.Atoi(string(data[m[4]:m[5]]))
		if err != nil || generation > 65535 {
			continue
		}
		// A later object takes the place of an earlier one.
		objects[number] = found{offset: len(repairHeader) + m[2], generation: generation}
		largest = max(largest, number)
		end := min(m[1]+dictionaryLength, len(data))
		if i+1 < len(matches) {
			end = min(end, matches[i+1][0])
		}
		dictionary, _, _ := bytes.Cut(data[m[1]:end], []byte("stream"))
		isPage[number] = looksLikePage(dictionary)
	}
	var pages []int
	for number := range objects {
		if isPage[number] {
			pages = append(pages, number)
		}
	}
	if len(pages) == 0 {
		return nil
	}
	// Programs write the pages one after the other.
	slices.SortFunc(pages, func(a, b int) int { return objects[a].offset - objects[b].offset })
	out := bytes.NewBuffer(make([]byte, 0, len(data)+20*len(objects)+1024))
	out.WriteString(repairHeader)
	out.Write(data)
	root, tree := largest+1, largest+2
	objects[tree] = found{offset: out.Len() + 1}
	fmt.Fprintf(out, "\n%d 0 obj\n<</Type/Pages/Count %d/Kids[", tree, len(pages))
	for _, page := range pages {
		fmt.Fprintf(out, "%d %d R ", page, objects[page].generation)
	}
	out.WriteString("]>>\nendobj")
	objects[root] = found{offset: out.Len() + 1}
	fmt.Fprintf(out, "\n%d 0 obj\n<</Type/Catalog/Pages %d 0 R>>\nendobj\n", root, tree)
	start := out.Len()
	out.WriteString("xref\n0 1\n0000000000 65535 f \n")
	numbers := make([]int, 0, len(objects))
	for number := range objects {
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	for from := 0; from < len(numbers); {
		to := from + 1
		for to < len(numbers) && numbers[to] == numbers[to-1]+1 {
			to++
		}
		fmt.Fprintf(out, "%d %d\n", numbers[from], to-from)
		for _, number := range numbers[from:to] {
			fmt.Fprintf(out, "%010d %05d n \n", objects[number].offset, objects[number].generation)
		}
		from = to
	}
	fmt.Fprintf(out, "trailer\n<</Size %d/Root %d 0 R", tree+1, root)
	if all := encryption.FindAll(data, 100); len(all) > 0 {
		out.WriteByte(' ')
		out.Write(all[len(all)-1])
	}
	if all := identifier.FindAll(data, 100); len(all) > 0 {
		out.Write(all[len(all)-1])
	}
	fmt.Fprintf(out, ">>\nstartxref\n%d\n%%%%EOF\n", start)
	return out.Bytes()
}

func looksLikePage(dictionary []byte) bool {
	return typePage.Match(dictionary) ||
		bytes.Contains(dictionary, []byte("/Contents")) && bytes.Contains(dictionary, []byte("/MediaBox")) ||
		bytes.Contains(dictionary, []byte("/Contents")) && bytes.Contains(dictionary, []byte("/Parent")) && bytes.Contains(dictionary, []byte("/Resources"))
}

// openDocument opens a file, if need be after a repair.
func (g *guest) openDocument(file io.ReaderAt, size int64, password string) (*document, error) {
	doc, err := g.open(newBlockReader(file, size), size, password)
	if failure, ok := AsError(err); ok && failure.Kind == KindDamaged {
		return g.openRepaired(file, size, password, err)
	}
	if err == nil && doc.pageCount() <= 0 && g.err == nil {
		doc.close()
		return g.openRepaired(file, size, password, fail(KindNoPages, "The file has no pages."))
	}
	return doc, err
}

// openRepaired opens a repaired copy of a file, which is held in memory. It
// fails with cause where that does not help.
func (g *guest) openRepaired(file io.ReaderAt, size int64, password string, cause error) (*document, error) {
	if size > maxRepairSize || g.err != nil {
		return nil, cause
	}
	data := make([]byte, size)
	if _, err := file.ReadAt(data, 0); err != nil {
		return nil, cause
	}
	repaired := repair(data)
	if repaired == nil {
		return nil, cause
	}
	doc, err := g.open(newBlockReader(bytes.NewReader(repaired), int64(len(repaired))), int64(len(repaired)), password)
	if err != nil {
		return nil, cause
	}
	if doc.pageCount() <= 0 {
		doc.close()
		return nil, cause
	}
	return doc, nil
}
