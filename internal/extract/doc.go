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
//	pool.go, childhandle.go, watch.go   the parent's side
//	child.go, process_*.go              the child's side, and what the system limits
//	wire.go, wirepage.go                what they say to each other
//	engine.go, memory.go                PDFium under wazero, and the limit on its memory
//	document.go, glyph.go, thumbnail.go,
//	annotation.go                       calls into PDFium
//	layout.go, order.go, paragraph.go   from characters to words, reading order and text
//	metadata.go, frontmatter.go, xmp.go claims: who wrote what, when, and how sure that is
//	references.go, citation.go          the list of references at the end
package extract
