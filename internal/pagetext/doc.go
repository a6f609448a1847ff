// Package pagetext defines the text of a page: its words, where they stand on
// the page, and the two forms that text is compared in.
//
// # Page text
//
// A page's text is what a person would read aloud, in reading order, as one
// string. Every position in this program (a search hit, a mark, a selection)
// counts Unicode code points of that string from 0, and a range is half open.
// It is built like this:
//
//   - A word is a longest piece without white space. Words of a line are joined
//     by one space, lines of a paragraph by one space, paragraphs by "\n".
//   - A word that a hyphen breaks at a line's end is one word again: without the
//     hyphen when a letter stands before it and a small letter begins the next
//     line, with it when another letter or a digit does ("Kohn-" "Sham"). It
//     then has one box for each line it stands on.
//   - Latin ligatures (ﬁ, ﬄ …) are their letters. Soft hyphens, control
//     characters and code points that are not characters are left out.
//   - Columns are read one after the other; text that stands turned against the
//     rest of the page follows it.
//   - The text neither begins nor ends with white space, and a page without text
//     has the empty string.
//
// # Blocks
//
// Each paragraph is a [Block] with a kind, so that the blocks cover the text but
// for the "\n" between them.
//
// # Forms for comparing
//
// [Fold] is for finding: case, accents and the look of a letter do not matter.
// The index and the query are both folded. [FoldMap] leads back from a place in
// the folded text to the place in the page's text.
//
// [Canonical] is for anchoring: what stays the same when the same page is
// extracted by another engine or broken into lines in another way. A quote is
// found again by its canonical form, and [CanonicalMap] leads back from there.
//
// The files testdata/*.json hold examples of all three; an implementation in
// another language can be tested with them.
package pagetext
