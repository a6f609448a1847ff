// Package search finds pages by their words, in one library or in all that a
// person is in. Its other half is web/src/features/search.
//
// The query language is in query.go: words, "phrases", OR and -minus. A query
// and a page are cut into words by the same document.Terms, so "naïve" finds
// "naive" and "live-coding" finds "live coding".
//
// Ranking is what a search costs, so it is bounded (candidate.go): pages are
// ranked a thousand at a time until there are enough hits, and a result says
// when it has not seen everything. Where on a page the words stand, and the
// piece of text around them, is found afterwards for the hits that are shown
// (passage.go).
package search
