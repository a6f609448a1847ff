package sequence

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
)

// Model holds the weights.
type Model struct {
	// Sources is a hash of what the model was made from.
	Sources [32]byte
	// First weighs the label of the first token, Step[a][b] that b follows a.
	First [Labels]float32
	Step  [Labels][Labels]float32

	hashes  []uint32       // of features, rising
	weights [][Labels]int8 // of each, in units of scale
	scale   float32
	index   []slot
}

// slot of a table with open addressing, which is far quicker to ask than a map:
// most features that are asked for have no weights.
type slot struct {
	hash uint32
	next int32 // of the feature's weights, from 1; 0 for none
}

// makeIndex makes the table, which is no more than half full.
func (m *Model) makeIndex() {
	size := 2
	for size < 2*len(m.hashes) {
		size *= 2
	}
	m.index = make([]slot, size)
	for i, hash := range m.hashes {
		at := hash & uint32(size-1) //nolint:gosec // far fewer
		for m.index[at].next != 0 {
			at = (at + 1) & uint32(size-1) //nolint:gosec // as above
		}
		m.index[at] = slot{hash, int32(i) + 1} //nolint:gosec // as above
	}
}

// weightsOf a feature; nil where it has none.
func (m *Model) weightsOf(feature uint32) *[Labels]int8 {
	mask := uint32(len(m.index) - 1) //nolint:gosec // far fewer
	for at := feature & mask; ; at = (at + 1) & mask {
		switch one := m.index[at]; {
		case one.next == 0:
			return nil
		case one.hash == feature:
			return &m.weights[one.next-1]
		}
	}
}

// NewModel makes a model of the weights of features, which it rounds to bytes.
func NewModel(sources [32]byte, first [Labels]float32, step [Labels][Labels]float32, features map[uint32][Labels]float32) *Model {
	m := &Model{Sources: sources, First: first, Step: step, hashes: slices.Sorted(maps.Keys(features))}
	most := float32(0)
	for _, weights := range features {
		for _, w := range weights {
			most = max(most, w, -w)
		}
	}
	m.scale = max(most/127, 1e-6)
	for _, hash := range m.hashes {
		var rounded [Labels]int8
		for b, w := range features[hash] {
			rounded[b] = int8(math.Round(float64(w / m.scale)))
		}
		m.weights = append(m.weights, rounded)
	}
	m.makeIndex()
	return m
}

// Label gives each token its label: the most likely labels of all together.
func (m *Model) Label(tokens []Token) []Label {
	if len(tokens) == 0 {
		return nil
	}
	features := Features(tokens)
	from := make([][Labels]Label, len(tokens))
	best := m.First
	m.addScores(&best, features[0])
	for i := 1; i < len(tokens); i++ {
		var next [Labels]float32
		for b := range next {
			next[b] = float32(math.Inf(-1))
		}
		for a := range best {
			score := best[a]
			steps := &m.Step[a]
			for b := range steps {
				if s := score + steps[b]; s > next[b] {
					next[b] = s
					from[i][b] = Label(a)
				}
			}
		}
		m.addScores(&next, features[i])
		best = next
	}
	labels := make([]Label, len(tokens))
	last := 0
	for b := range best {
		if best[b] > best[last] {
			last = b
		}
	}
	labels[len(tokens)-1] = Label(last)
	for i := len(tokens) - 1; i > 0; i-- {
		labels[i-1] = from[i][labels[i]]
	}
	return labels
}

func (m *Model) addScores(scores *[Labels]float32, features []uint32) {
	var sums [Labels]int32
	for _, feature := range features {
		weights := m.weightsOf(feature)
		if weights == nil {
			continue
		}
		for b := range weights {
			sums[b] += int32(weights[b])
		}
	}
	for b := range sums {
		scores[b] += m.scale * float32(sums[b])
	}
}

// A model file is, compressed with gzip: the hash of its sources, the number of
// labels and the scale as float32, the weights of steps and first labels as
// float32, the number of features, their hashes in rising order as differences,
// and label by label all features' weights, one byte each in units of the scale.
// All numbers are little-endian.

// Write encodes the model.
func (m *Model) Write(out io.Writer) error {
	var data bytes.Buffer
	data.Write(m.Sources[:])
	put := func(value any) { _ = binary.Write(&data, binary.LittleEndian, value) }
	put(uint32(Labels))
	put(m.scale)
	put(m.First)
	put(m.Step)
	put(uint32(len(m.hashes))) //nolint:gosec // far fewer
	last := uint32(0)
	for _, hash := range m.hashes {
		data.Write(binary.AppendUvarint(nil, uint64(hash-last)))
		last = hash
	}
	for b := range Labels {
		for i := range m.weights {
			data.WriteByte(byte(m.weights[i][b]))
		}
	}
	zipped, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := zipped.Write(data.Bytes()); err != nil {
		return err
	}
	return zipped.Close()
}

// errModel is for a file that is no model of this version.
var errModel = errors.New("not a model of this version")

// Read decodes what Write made.
func Read(in io.Reader) (*Model, error) {
	zipped, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("citation model: %w", err)
	}
	data, err := io.ReadAll(zipped)
	if err != nil {
		return nil, fmt.Errorf("citation model: %w", err)
	}
	rest := bytes.NewReader(data)
	m := &Model{}
	var labels, count uint32
	for _, value := range []any{&m.Sources, &labels, &m.scale, &m.First, &m.Step, &count} {
		if err := binary.Read(rest, binary.LittleEndian, value); err != nil {
			return nil, fmt.Errorf("citation model: %w", err)
		}
		if labels != 0 && labels != uint32(Labels) {
			return nil, fmt.Errorf("citation model: %w", errModel)
		}
	}
	if int(count) > rest.Len() {
		return nil, fmt.Errorf("citation model: %w", errModel)
	}
	m.hashes = make([]uint32, count)
	m.weights = make([][Labels]int8, count)
	hash := uint32(0)
	for i := range m.weights {
		difference, err := binary.ReadUvarint(rest)
		if err != nil {
			return nil, fmt.Errorf("citation model: %w", err)
		}
		hash += uint32(difference) //nolint:gosec // differences of hashes
		m.hashes[i] = hash
	}
	if rest.Len() != int(count)*int(Labels) {
		return nil, fmt.Errorf("citation model: %w", errModel)
	}
	column := make([]byte, count)
	for b := range Labels {
		if _, err := io.ReadFull(rest, column); err != nil {
			return nil, fmt.Errorf("citation model: %w", err)
		}
		for i, w := range column {
			m.weights[i][b] = int8(w)
		}
	}
	m.makeIndex()
	return m, nil
}

// Len is how many features have weights.
func (m *Model) Len() int { return len(m.weights) }
