// Package pdfmark is a mark as a PDF file has it: the annotations of ISO
// 32000-2, 12.5, as far as people make them to say something about a text. It is
// plain data with the few rules that reading and writing share: dates, colours,
// the order of a quad's corners.
//
// It knows no file. Package extract makes marks of a file's annotations, package
// annotation makes a library's marks of them, and package transfer writes them
// into files.
package pdfmark
