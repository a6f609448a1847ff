// Package extract turns a PDF into structured text: pages with words and their
// boxes, metadata claims, the outline, references and a thumbnail. It knows no
// database and no product word.
//
// Reading a PDF means running a parser on bytes from strangers, so three walls
// stand around it. PDFium runs as WebAssembly inside a child process of this
// same binary (see [ChildMain]); the child is handed one open file and has no
// other use for the file system; and the parent (see [Pool]) watches its memory
// and time and kills it when it goes too far. Whatever happens inside, the
// caller of [Run] gets a [Result] or an [Error] with a kind.
//
// A page at which the parser hangs or dies is lost alone: another child reads the
// rest. Long documents are read by as many children as are free.
//
//	pool.go, childhandle.go, watch.go   the parent's side
//	spread.go                           one document's pages, shared out to several children
//	child.go, childpages.go,
//	process_*.go                        the child's side, and what the system limits
//	wire.go, wirepage.go, wireglyphs.go what they say to each other
//	engine.go, memory.go                PDFium under wazero, and the limit on its memory
//	repair.go                           files that PDFium cannot open
//	document.go, glyph.go, thumbnail.go,
//	annotation.go                       calls into PDFium
//	layout.go, order.go, paragraph.go   from characters to words, reading order and text
//	blocks.go, headings.go              what each paragraph is
//	metadata.go, xmp.go, frontmatter.go claims: who wrote what, when, and how sure that is
//	piece.go, headerauthors.go,
//	headertext.go, headerjournal.go,
//	cover.go, names.go, dates.go,
//	language.go, doi.go, links.go       what the first pages say of the work, field by field
//	references*.go                      lists of references, and works cited in footnotes
//	incitation.go                       places in the text that cite them
package extract
