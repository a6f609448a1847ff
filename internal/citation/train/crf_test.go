package main

import (
	"math"
	"math/rand/v2"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/citation/sequence"
	"scrollkeeper.example/scrollkeeper/internal/citation/specimen"
)

// The sums of the forward pass are checked against all paths of a short chain.
func TestTheLossIsThatOfAllPaths(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // repeatable
	c := newCRF()
	const tokens = 3
	features := [][]uint32{{11, 12}, {12, 13}, {11, 13}}
	want := []sequence.Label{3, 1, 4}
	c.learnFrom(features, want)
	c.keepFrequent(1)
	for i := range c.weights {
		for b := range c.weights[i] {
			c.weights[i][b] = float32(random.NormFloat64())
		}
	}
	for a := range labels {
		c.first[a] = random.NormFloat64()
		for b := range labels {
			c.step[a][b] = random.NormFloat64()
		}
	}
	score := func(path [tokens]int) float64 {
		sum := c.first[path[0]]
		for i, b := range path {
			if i > 0 {
				sum += c.step[path[i-1]][b]
			}
			for _, id := range c.chains[0].features[i] {
				sum += float64(c.weights[id][b])
			}
		}
		return sum
	}
	total := 0.0
	for x := range labels {
		for y := range labels {
			for z := range labels {
				total += math.Exp(score([tokens]int{x, y, z}))
			}
		}
	}
	loss := math.Log(total) - score([tokens]int{3, 1, 4})
	if got := c.learn(&c.chains[0]); math.Abs(got-loss) > 1e-4 {
		t.Errorf("loss %v, want %v", got, loss)
	}
	// A step goes downwards.
	if again := c.learn(&c.chains[0]); again >= loss {
		t.Errorf("loss %v after %v", again, loss)
	}
}

func TestAFewReferencesAreLearnt(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2)) //nolint:gosec // repeatable
	c := newCRF()
	for range 300 {
		s := specimen.Make(random, false)
		tokens := sequence.Tokenize(s.Text)
		c.learnFrom(sequence.Features(tokens), s.TokenLabels(tokens))
	}
	c.keepFrequent(3)
	first := c.round(random)
	var last float64
	for range 3 {
		last = c.round(random)
	}
	if last > 0.2*first {
		t.Errorf("loss %v, in the first round %v", last, first)
	}
	model := c.model([32]byte{})
	right, all := 0, 0
	for range 100 {
		s := specimen.Make(random, false)
		tokens := sequence.Tokenize(s.Text)
		want := s.TokenLabels(tokens)
		for i, label := range model.Label(tokens) {
			all++
			if label == want[i] {
				right++
			}
		}
	}
	if part := float64(right) / float64(all); part < 0.9 {
		t.Errorf("%.3f of tokens are right", part)
	}
}
