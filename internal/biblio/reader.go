package biblio

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// Reader reads the records of a file one after the other.
type Reader struct {
	next  func() error // queues what it finds, or gives io.EOF
	queue []result
	err   error
	keys  map[string]int
}

type result struct {
	record  Record
	problem *Problem
}

// NewReader reads a file of a format. It is an error when the format is none of
// those above.
func NewReader(file io.Reader, format Format) (*Reader, error) {
	if format != ZoteroRDF && !slices.Contains(Formats, format) {
		return nil, fmt.Errorf("the format %q is not known", format)
	}
	r := &Reader{keys: map[string]int{}}
	s := newSource(file)
	switch format {
	case BibTeX, BibLaTeX:
		r.next = newBibReader(s, r).next
	case RIS:
		r.next = (&risReader{source: s, Reader: r}).next
	case NBIB:
		r.next = (&nbibReader{source: s, Reader: r}).next
	case CSLJSON:
		r.next = (&jsonReader{source: s, Reader: r}).next
	case EndNote:
		r.next = (&endNoteReader{source: s, Reader: r}).next
	case ZoteroRDF:
		r.next = (&zoteroReader{source: s, Reader: r}).next
	}
	return r, nil
}

// Read gives the next record. A *Problem as error is about one record or a part
// of one, and the next call reads on; io.EOF is the end; other errors are those
// of the file.
func (r *Reader) Read() (Record, error) {
	for len(r.queue) == 0 {
		if r.err != nil {
			return Record{}, r.err
		}
		r.err = r.next()
	}
	first := r.queue[0]
	r.queue = r.queue[1:]
	if first.problem != nil {
		return Record{}, first.problem
	}
	return first.record, nil
}

// ReadAll gives all records and all problems of a file.
func ReadAll(file io.Reader, format Format) ([]Record, []*Problem, error) {
	r, err := NewReader(file, format)
	if err != nil {
		return nil, nil, err
	}
	var records []Record
	var problems []*Problem
	for {
		record, err := r.Read()
		var problem *Problem
		switch {
		case errors.As(err, &problem):
			problems = append(problems, problem)
		case errors.Is(err, io.EOF):
			return records, problems, nil
		case err != nil:
			return records, problems, err
		default:
			records = append(records, record)
		}
	}
}

func (r *Reader) found(record Record) {
	if record.Key != "" {
		if before, twice := r.keys[record.Key]; twice {
			r.problem(record.Line, record.Key, "this key is also that of the record in line %d", before)
		} else {
			r.keys[record.Key] = record.Line
		}
	}
	record.Tags, record.Notes, record.Collections = unique(record.Tags), unique(record.Notes), unique(record.Collections)
	r.queue = append(r.queue, result{record: record})
}

func (r *Reader) problem(line int, key, message string, values ...any) {
	r.queue = append(r.queue, result{problem: &Problem{line, key, fmt.Sprintf(message, values...)}})
}
