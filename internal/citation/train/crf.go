package main

import (
	"math"
	"math/rand/v2"

	"scrollkeeper.example/scrollkeeper/internal/citation/sequence"
)

const labels = int(sequence.Labels)

// Settings of the descent.
const (
	rate       = 0.12
	penalty    = 2e-6 // L1, each time that a weight is touched
	negligible = 1e-3 // a gradient below it changes nothing
	dropped    = 0.15 // share of features that are left out each time
	smallest   = 0.02 // a weight below it is left out of the model
)

// crf learns weights.
type crf struct {
	counts map[uint32]int32
	ids    map[uint32]int32
	hashes []uint32
	chains []chain

	first, firstSquares [labels]float64
	step, stepSquares   [labels][labels]float64
	weights, squares    [][labels]float32
}

// chain is a reference to learn from.
type chain struct {
	features [][]uint32 // hashes, then ids
	labels   []sequence.Label
}

func newCRF() *crf { return &crf{counts: map[uint32]int32{}, ids: map[uint32]int32{}} }

func (c *crf) learnFrom(features [][]uint32, labels []sequence.Label) {
	if len(labels) == 0 {
		return
	}
	c.chains = append(c.chains, chain{features, labels})
	for _, list := range features {
		for _, hash := range list {
			c.counts[hash]++
		}
	}
}

// keepFrequent keeps the features that come up at least so often.
func (c *crf) keepFrequent(least int32) {
	for i := range c.chains {
		for j, list := range c.chains[i].features {
			kept := list[:0]
			for _, hash := range list {
				if c.counts[hash] < least {
					continue
				}
				id, ok := c.ids[hash]
				if !ok {
					id = int32(len(c.hashes)) //nolint:gosec // far fewer
					c.ids[hash] = id
					c.hashes = append(c.hashes, hash)
				}
				kept = append(kept, uint32(id)) //nolint:gosec // not negative
			}
			c.chains[i].features[j] = kept
		}
	}
	c.counts = nil
	c.weights = make([][labels]float32, len(c.hashes))
	c.squares = make([][labels]float32, len(c.hashes))
}

// round goes over all references once, and gives the loss per token. Of each
// token's features some are left out by chance, so that none is relied on alone:
// real references lack what made-up ones have.
func (c *crf) round(random *rand.Rand) float64 {
	loss, tokens := 0.0, 0
	for i := range c.chains {
		one := &c.chains[i]
		thinned := chain{make([][]uint32, len(one.features)), one.labels}
		for j, list := range one.features {
			kept := make([]uint32, 0, len(list))
			for _, id := range list {
				if random.Float64() >= dropped {
					kept = append(kept, id)
				}
			}
			thinned.features[j] = kept
		}
		loss += c.learn(&thinned)
		tokens += len(one.labels)
	}
	return loss / float64(tokens)
}

// learn takes one step by one reference: forward and backward sums, scaled at
// each token so that they stay within a float's range.
func (c *crf) learn(one *chain) float64 {
	n := len(one.labels)
	emission := make([][labels]float64, n)
	alpha := make([][labels]float64, n)
	beta := make([][labels]float64, n)
	var steps [labels][labels]float64
	for a := range labels {
		for b := range labels {
			steps[a][b] = math.Exp(c.step[a][b])
		}
	}
	loss := 0.0
	for i := range n {
		var scores [labels]float32
		for _, id := range one.features[i] {
			weights := &c.weights[id]
			for b := range scores {
				scores[b] += weights[b]
			}
		}
		loss -= float64(scores[one.labels[i]])
		most := float64(scores[0])
		for _, s := range scores {
			most = max(most, float64(s))
		}
		loss += most
		for b := range scores {
			emission[i][b] = math.Exp(float64(scores[b]) - most)
		}
		sum := 0.0
		for b := range labels {
			from := 0.0
			if i == 0 {
				from = math.Exp(c.first[b])
			} else {
				for a := range labels {
					from += alpha[i-1][a] * steps[a][b]
				}
			}
			alpha[i][b] = from * emission[i][b]
			sum += alpha[i][b]
		}
		for b := range labels {
			alpha[i][b] /= sum
		}
		loss += math.Log(sum)
		if i > 0 {
			loss -= c.step[one.labels[i-1]][one.labels[i]]
		}
	}
	loss -= c.first[one.labels[0]]
	for b := range labels {
		beta[n-1][b] = 1
	}
	var expected [labels][labels]float64
	for i := n - 1; i > 0; i-- {
		var after [labels]float64
		for b := range labels {
			after[b] = beta[i][b] * emission[i][b]
		}
		sum, total := 0.0, 0.0
		for a := range labels {
			var back float64
			for b := range labels {
				back += steps[a][b] * after[b]
			}
			beta[i-1][a] = back
			sum += back
			total += alpha[i-1][a] * back
		}
		for a := range labels {
			if alpha[i-1][a] < 1e-9 {
				continue
			}
			share := alpha[i-1][a] / total
			for b := range labels {
				expected[a][b] += share * steps[a][b] * after[b]
			}
		}
		for a := range labels {
			beta[i-1][a] /= sum
		}
		expected[one.labels[i-1]][one.labels[i]]--
	}
	for a := range labels {
		for b := range labels {
			descend64(&c.step[a][b], &c.stepSquares[a][b], expected[a][b])
		}
	}
	for i := range n {
		var gradient [labels]float64
		sum := 0.0
		for b := range labels {
			gradient[b] = alpha[i][b] * beta[i][b]
			sum += gradient[b]
		}
		for b := range labels {
			gradient[b] /= sum
		}
		gradient[one.labels[i]]--
		if i == 0 {
			for b := range labels {
				descend64(&c.first[b], &c.firstSquares[b], gradient[b])
			}
		}
		for b := range labels {
			g := float32(gradient[b])
			if g < negligible && g > -negligible {
				continue
			}
			for _, id := range one.features[i] {
				square := &c.squares[id][b]
				*square += g * g
				size := float32(rate / math.Sqrt(float64(*square)+1e-4))
				c.weights[id][b] = towardsZero(c.weights[id][b]-size*g, size*penalty)
			}
		}
	}
	return loss
}

func towardsZero(weight, by float32) float32 {
	switch {
	case weight > by:
		return weight - by
	case weight < -by:
		return weight + by
	}
	return 0
}

func descend64(weight, square *float64, gradient float64) {
	if gradient < negligible && gradient > -negligible {
		return
	}
	*square += gradient * gradient
	*weight -= rate / math.Sqrt(*square+1e-4) * gradient
}

// model is what was learnt, without what is close to nothing.
func (c *crf) model(sources [32]byte) *sequence.Model {
	features := map[uint32][labels]float32{}
	for id, hash := range c.hashes {
		weights := c.weights[id]
		kept := false
		for b := range weights {
			if weights[b] < smallest && weights[b] > -smallest {
				weights[b] = 0
			}
			kept = kept || weights[b] != 0
		}
		if kept {
			features[hash] = weights
		}
	}
	var first [labels]float32
	var step [labels][labels]float32
	for a := range labels {
		first[a] = float32(c.first[a])
		for b := range labels {
			step[a][b] = float32(c.step[a][b])
		}
	}
	return sequence.NewModel(sources, first, step, features)
}
