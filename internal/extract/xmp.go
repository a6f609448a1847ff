package extract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// xmpProperties are a packet's properties by local name ("title", "doi",
// "publicationName"), each with its values in order.
type xmpProperties map[string][]string

const (
	// scannedForXMP in bytes, from each end of the file. Looking at all of a
	// 2 GiB file would cost more than the packet is worth.
	scannedForXMP = 8 << 20
	longestXMP    = 1 << 20
)

// findXMP looks for a metadata packet that stands in the file as plain text, as
// the format asks so that programs can find it (ISO 16684-1, 7.3). Images have
// packets too; the last packet with a title or a DOI is taken, since the
// document's own is written late and updates are appended. A packet that is
// compressed or encrypted is not found.
func findXMP(file io.ReaderAt, size int64) xmpProperties {
	var found xmpProperties
	named := false
	look := func(from, to int64) {
		data := make([]byte, to-from)
		n, err := file.ReadAt(data, from)
		if err != nil && !errors.Is(err, io.EOF) {
			return
		}
		for _, packet := range slices.Backward(packets(data[:n])) {
			properties := parseXMP(packet)
			if named = len(properties["title"]) > 0 || len(properties["doi"]) > 0; named || len(properties) > 0 {
				found = properties
			}
			if named {
				return
			}
		}
	}
	if size <= 2*scannedForXMP {
		look(0, size)
		return found
	}
	if look(size-scannedForXMP, size); !named {
		look(0, scannedForXMP)
	}
	return found
}

func packets(data []byte) [][]byte {
	var out [][]byte
	for len(out) < 64 {
		start := bytes.Index(data, []byte("<x:xmpmeta"))
		if start < 0 {
			return out
		}
		data = data[start:]
		end := bytes.Index(data[:min(len(data), longestXMP)], []byte("</x:xmpmeta>"))
		if end < 0 {
			data = data[1:]
			continue
		}
		end += len("</x:xmpmeta>")
		out = append(out, data[:end])
		data = data[end:]
	}
	return out
}

// parseXMP reads properties written as elements or as attributes. It takes what
// it can from a damaged packet.
func parseXMP(packet []byte) xmpProperties {
	properties := xmpProperties{}
	decoder := xml.NewDecoder(bytes.NewReader(packet))
	decoder.Strict = false
	var path []string
	var text strings.Builder
	for {
		token, err := decoder.Token()
		if err != nil {
			return properties
		}
		switch token := token.(type) {
		case xml.StartElement:
			path = append(path, token.Name.Local)
			text.Reset()
			if token.Name.Local == "Description" {
				for _, attribute := range token.Attr {
					properties.add(attribute.Name.Local, attribute.Value)
				}
			}
		case xml.CharData:
			text.Write(token)
		case xml.EndElement:
			if len(path) == 0 {
				return properties
			}
			if property := propertyOf(path); property != "" {
				properties.add(property, text.String())
			}
			path = path[:len(path)-1]
			text.Reset()
		}
	}
}

// propertyOf names the property that a text element belongs to: itself, or for
// an item of a list the element around the list.
func propertyOf(path []string) string {
	last := len(path) - 1
	if path[last] != "li" {
		return path[last]
	}
	if last >= 2 {
		return path[last-2]
	}
	return ""
}

func (p xmpProperties) add(name, value string) {
	if value = strings.Join(strings.Fields(cleanText(value)), " "); value != "" && len(p[name]) < 1000 {
		p[name] = append(p[name], value)
	}
}

func (p xmpProperties) first(names ...string) string {
	for _, name := range names {
		if values := p[name]; len(values) > 0 {
			return values[0]
		}
	}
	return ""
}
