package biblio

import (
	"bufio"
	"fmt"
	"io"
)

// Writer writes the records of a file one after the other.
type Writer struct {
	buffer *bufio.Writer
	format formatWriter
	begun  bool
}

type formatWriter interface {
	head() error
	write(Record) error
	foot() error
}

// NewWriter writes a file of a format. Records are written as they are: their
// keys are not made unique.
func NewWriter(w io.Writer, format Format) (*Writer, error) {
	buffer := bufio.NewWriterSize(w, 64<<10)
	out := &Writer{buffer: buffer}
	switch format {
	case BibTeX, BibLaTeX:
		out.format = &bibWriter{buffer, format}
	case RIS:
		out.format = &risWriter{buffer}
	case NBIB:
		out.format = &nbibWriter{buffer}
	case CSLJSON:
		out.format = &jsonWriter{w: buffer}
	case EndNote:
		out.format = &endNoteWriter{w: buffer}
	default:
		return nil, fmt.Errorf("the format %q is not known", format)
	}
	return out, nil
}

// Write writes a record.
func (w *Writer) Write(r Record) error {
	if !w.begun {
		w.begun = true
		if err := w.format.head(); err != nil {
			return err
		}
	}
	return w.format.write(r)
}

// Close writes the end of the file. It does not close what is below it.
func (w *Writer) Close() error {
	if !w.begun {
		if err := w.format.head(); err != nil {
			return err
		}
	}
	if err := w.format.foot(); err != nil {
		return err
	}
	if err := w.buffer.Flush(); err != nil {
		return fmt.Errorf("flush: %w", err)
	}
	return nil
}
