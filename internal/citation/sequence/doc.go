// Package sequence labels the tokens of a printed reference: what is a family
// name, what a title, what a volume. It is a linear-chain conditional random
// field (Lafferty, McCallum and Pereira, 2001) over features of tokens; the
// weights are made by internal/citation/train and embedded.
//
//	token.go      a reference as tokens
//	lexicon.go    words that tell something about their neighbours
//	feature.go    what is asked about each token
//	model.go      weights, and the most likely labels (Viterbi)
package sequence
