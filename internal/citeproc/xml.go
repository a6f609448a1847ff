package citeproc

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// element of a style or a locale file.
type element struct {
	name     string
	attr     map[string]string
	children []*element
	text     string
}

const (
	maxElements = 100_000
	maxDepth    = 200
)

// readXML reads a whole file of CSL's namespace. Go's reader expands no
// entities but XML's own five.
func readXML(r io.Reader) (*element, error) {
	decoder := xml.NewDecoder(r)
	root := &element{}
	stack := []*element{root}
	for count := 0; ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line(decoder), err)
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			if count++; count > maxElements || len(stack) > maxDepth {
				return nil, fmt.Errorf("line %d: more than %d elements, or more than %d in each other", line(decoder), maxElements, maxDepth)
			}
			e := &element{name: t.Name.Local, attr: make(map[string]string, len(t.Attr))}
			for _, a := range t.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			top.children = append(top.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(t)
		}
	}
	if len(root.children) != 1 {
		return nil, errors.New("the file has no root element")
	}
	return root.children[0], nil
}

func line(d *xml.Decoder) int {
	l, _ := d.InputPos()
	return l
}

// child is the first child of a name, or nil.
func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

func (e *element) is(attribute string) bool { return e.attr[attribute] == "true" }

func (e *element) words(attribute string) []string { return strings.Fields(e.attr[attribute]) }
