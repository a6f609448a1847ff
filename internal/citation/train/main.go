// Command train makes the model that reads references:
//
//	go generate ./internal/citation
//
// It prints made-up references (package specimen), and fits the weights of a
// linear-chain conditional random field to them by stochastic gradient descent
// with AdaGrad's step sizes (Duchi, Hazan and Singer, 2011) and an L1 penalty. One
// seed, so one result on one kind of machine. It takes a few minutes of one core.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"

	"scrollkeeper.example/scrollkeeper/internal/citation"
	"scrollkeeper.example/scrollkeeper/internal/citation/sequence"
	"scrollkeeper.example/scrollkeeper/internal/citation/specimen"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run() error {
	out := flag.String("o", "model.gz", "file to write")
	count := flag.Int("n", 45_000, "references to learn from")
	rounds := flag.Int("rounds", 5, "times that each is looked at")
	root := flag.String("root", ".", "folder of the package citation, whose sources the model is marked with")
	flag.Parse()
	sources, err := citation.HashSources(os.DirFS(*root))
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(20, 26)) //nolint:gosec // repeatable
	c := newCRF()
	for range *count {
		s := specimen.Make(random, false)
		tokens := sequence.Tokenize(s.Text)
		c.learnFrom(sequence.Features(tokens), s.TokenLabels(tokens))
	}
	c.keepFrequent(5)
	fmt.Printf("%d references, %d features\n", *count, len(c.ids))
	for round := range *rounds {
		random.Shuffle(len(c.chains), func(i, j int) { c.chains[i], c.chains[j] = c.chains[j], c.chains[i] })
		loss := c.round(random)
		fmt.Printf("round %d: loss %.4f a token\n", round+1, loss)
	}
	model := c.model(sources)
	var data bytes.Buffer
	if err := model.Write(&data); err != nil {
		return err
	}
	if err := os.WriteFile(*out, data.Bytes(), 0o644); err != nil { //nolint:gosec // a file of the sources
		return err
	}
	fmt.Printf("%s: %d bytes, %d features\n", *out, data.Len(), model.Len())
	for _, held := range []bool{false, true} {
		measure(model, held)
	}
	return nil
}

// measure prints how many tokens have the right label, of references that were
// not learnt from.
func measure(model *sequence.Model, held bool) {
	random := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // repeatable
	right, all, whole := 0, 0, 0
	const count = 1500
	for range count {
		s := specimen.Make(random, held)
		tokens := sequence.Tokenize(s.Text)
		want, got := s.TokenLabels(tokens), model.Label(tokens)
		perfect := true
		for i := range want {
			all++
			if want[i] == got[i] {
				right++
			} else {
				perfect = false
			}
		}
		if perfect {
			whole++
		}
	}
	fmt.Printf("held-out styles %v: %.4f of tokens, %.4f of references wholly right\n", held, float64(right)/float64(all), float64(whole)/count)
}
