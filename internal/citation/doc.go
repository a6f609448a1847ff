// Package citation reads a printed reference into its parts: authors, title,
// container, year, volume, pages and so on, as CSL-JSON has them. It knows csl
// only.
//
//	parse.go        the reference as a csl.Item
//	name.go         labelled tokens to names
//	identifier.go   DOI, arXiv, ISBN and addresses, which have forms of their own
//	date.go         dates
//	model.go        the embedded model, and what it was made from
//	sequence/       the labelling of tokens
//	specimen/       made-up references to learn from
//	train/          the command that makes the model
package citation
