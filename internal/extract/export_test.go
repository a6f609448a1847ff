package extract

import (
	"bufio"
	"context"
	"reflect"
	"strconv"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
)

// What tests look at from outside.
const DocumentsPerChild = documentsPerChild

var (
	AppendPage  = appendPage
	DecodePage  = decodePage
	ParseNames  = parseNames
	ParseXMP    = parseXMP
	FindDOI     = findDOI
	FindDate    = findDate
	IsJunkTitle = isJunkTitle
	RepairURLs  = repairURLs
	ValidMarks  = validMarks
	Repair      = repair

	LanguageOf   = languageOf
	ValidISBN    = validISBN
	ValidISSN    = validISSN
	ValidORCID   = validORCID
	MatchesCover = likeCover
)

// RawPage is what a helping child says about a page.
type RawPage = rawPage

// SampleRawPage has something in every field.
func SampleRawPage() RawPage {
	return rawPage{
		index: 6, unreadable: true, rotation: 270, box: pagetext.Rect{0, 0, 612, 792},
		links:  []link{{box: pagetext.Rect{5, 6, 7, 8}, uri: "https://orcid.org/0000-0002-1825-0097"}},
		glyphs: []glyph{{char: 'a', box: pagetext.Rect{1, 2, 3, 4}, turn: 3, look: italic}, {char: ' '}, {char: 0x10ffff, box: pagetext.Rect{-1, 2, 3, 4.5}}},
		marks:  []pdfmark.Mark{{Page: 7, Subtype: pdfmark.Text, Name: "a"}, {Page: 7, Subtype: pdfmark.Ink, Name: "b"}},
		entry:  []int{2, 9},
	}
}

// UnsetFields names the fields of a raw page and its first glyph that are zero.
func UnsetFields(raw RawPage) []string {
	var unset []string
	for _, value := range []reflect.Value{reflect.ValueOf(raw), reflect.ValueOf(raw.glyphs[0])} {
		for i := range value.NumField() {
			if value.Field(i).IsZero() {
				unset = append(unset, value.Type().Field(i).Name)
			}
		}
	}
	return unset
}

// AppendRawPage writes a raw page, and DecodeRawPage reads it.
func AppendRawPage(raw RawPage) ([]byte, error) { return appendRawPage(nil, raw) }

func DecodeRawPage(data []byte) (RawPage, error) { return decodeRawPage(data, nil) }

// MatchJournal gives name, volume, issue and pages.
func MatchJournal(text string) [4]string {
	found := matchJournal(text)
	return [4]string{found.name, found.volume, found.issue, found.pages}
}

// ReadFrame reads one frame as either side does.
func ReadFrame(r *bufio.Reader) (kind byte, payload []byte, err error) {
	read, payload, err := readFrame(r, nil)
	return byte(read), payload, err
}

// WriteFrame is its opposite.
func WriteFrame(kind byte, payload []byte) ([]byte, error) {
	return appendFrame(nil, frameKind(kind), payload)
}

// PeakResident is the most that any child of the pool was seen to hold, in
// bytes, while it worked.
func PeakResident(p *Pool) int64 { return p.PeakMemory() }

// Children are the process ids of a pool's children.
func Children(p *Pool) []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	var pids []int
	for c := range p.all {
		pids = append(pids, c.command.Process.Pid)
	}
	return pids
}

// WaitForNoChildren returns when every child has gone.
func WaitForNoChildren(ctx context.Context, p *Pool) error {
	p.mu.Lock()
	var children []*child
	for c := range p.all {
		children = append(children, c)
	}
	p.mu.Unlock()
	for _, c := range children {
		select {
		case <-c.exited:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// ProcPath is a file of Linux's process file system.
func ProcPath(pid int, name string) string { return "/proc/" + strconv.Itoa(pid) + "/" + name }
