// Package anchoring makes quotes of marks and finds them again, in the same
// text, in the same file read anew, and in another edition of the document.
//
// # What is compared
//
// Two engines give two texts of one page, and two editions have two layouts. So
// text is compared without what differs for no reason that a reader would see:
// in the canonical form (pagetext.Canonical: no white space, ligatures as
// letters, composed accents), without hyphens, dashes and invisible characters,
// and folded (small letters, no accents, one kind of quotation mark). All pages
// are one text. What is said to be exact is also equal before it was folded.
//
// A second text leaves running heads and feet out: what stands the same, but for
// numbers, at the edges of pages near each other. It is asked where the first
// leaves a doubt, for a page's end between a quote and its context, or inside the
// quote, moves when the pages do.
//
// # How a quote is found
//
//  1. At the hint, when text and contexts are the same there letter by letter.
//  2. Where the text is the same. One such place is the one, if it is long enough
//     or its context agrees. Of several the evidence decides.
//  3. Where the text is similar. Grams of five runes that quote, context and
//     document share, the rare ones first, are counted by diagonal: many on
//     nearby diagonals are a candidate. Candidates are compared by edit distance
//     (Myers' bit-parallel method): the text by itself, and with its contexts.
//  4. By its ends: a quote that has changed much in its middle, or is longer than
//     2048 runes, is where its beginning and its end are each found without a
//     doubt, in order and not too far apart.
//
// The ends of a changed quote stand where text and agreeing contexts together fit
// best, and then go to the edges of words, if the quote's stood there.
//
// # Evidence, and what is not guessed
//
// Similarity is 1 less the edit distance per rune. Unrelated text at a given
// place has a median of 0.19 and is below 0.33 in 99 of 100 cases (measured on
// papers by bench/anchoring); 0.4 counts as chance. The evidence for a place is
// the number of runes of the text, and of each context that agrees (0.6 or more),
// beyond chance: each counts (similarity - 0.4) / 0.6. A place is believed when
//
//   - the evidence is at least 12 runes: a short word by itself is nowhere, with
//     its context it is in its place;
//   - changed text is at least 0.5 + 1.2/√runes similar. That is above the best
//     that a whole unrelated paper has in 95 of 100 cases (0.82 for 17 runes, 0.64
//     for 25, 0.54 for 80), and both contexts must agree too;
//   - with one context, changed text is at least 0.85 similar, which leaves most
//     phrases out that an author writes twice; with none, 0.9 and 32 runes.
//
// The quote is an orphan when another place has about as much evidence (within 6
// runes and 8 %: what errors at 5 % make of two equal places), unless the hint is
// within 60 runes of one and clearly farther from the others; that match is fuzzy.
// It is an orphan, too, when both contexts still stand together around another
// text: it was taken out there, and what resembles it elsewhere is something
// else. The same text, elsewhere, is then fuzzy from 32 runes.
//
// Where a document repeats itself nearly word by word, the text that is equal
// today may be the wrong copy that had no error. Such a place is fuzzy unless all
// of its context is equal as well. For the same reason [Text.QuoteAt] keeps longer
// contexts there.
//
// # Cost
//
// Preparing 450 pages and finding 2,000 quotes in them takes less than a second
// when they are there, some two when none is. All loops are bounded by
// constants whatever the text, so a hostile file costs no more than these.
package anchoring
