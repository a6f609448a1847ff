// Package web carries the built web app: dist, as `npm run build` leaves it.
package web

import (
	"embed"
	"errors"
	"io/fs"
)

// The folder always holds .gitkeep, so this compiles before the first build.
//
//go:embed all:dist
var dist embed.FS

// ErrNotBuilt says that the binary was compiled before the web app was built.
var ErrNotBuilt = errors.New("the web app is not in this binary: run `make build`")

// Nonce is the word in index.html that stands for the style nonce of one
// response. The server replaces every occurrence and sends the same value in
// the Content-Security-Policy header.
const Nonce = "__NONCE__"

// ReaderPage is the file with the form of index.html that is for the address of
// a document: it brings the reader's scripts at once.
const ReaderPage = "reader.html"

// Files returns the built app: index.html, [ReaderPage], hashed files under assets/ that
// never change, and pdfjs/ with the data files of pdf.js. It returns
// ErrNotBuilt when there is no index.html.
func Files() (fs.FS, error) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, err
	}
	if _, err := fs.Stat(files, "index.html"); err != nil {
		return nil, ErrNotBuilt
	}
	return files, nil
}
