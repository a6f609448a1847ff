package httpapi

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// Page is one of the forms of the app's page: the file File, for every path that
// begins with Prefix.
type Page struct {
	Prefix, File string
	// Head gives what a request's page has of its own; nil where all are alike.
	Head func(r *http.Request) Head
}

// Head is what the page of one request has of its own.
type Head struct {
	Status int    // 0 means 200
	Markup []byte // goes before </head>; whoever makes it has escaped it
}

// WebApp serves the built web app. Files below assets/ carry a hash in their
// name and may be kept for ever; every other path that is no file is the page
// itself, because the app routes in the browser: the file index.html, or that of
// the first of others that fits. In a page, placeholder stands where each answer's
// own style nonce goes. It fails when a page is missing.
//
// Where a file has a compressed form beside it (app.js.br, app.js.gz), that is
// what a browser gets that takes it (RFC 9110, 12.5.3).
func WebApp(files fs.FS, placeholder string, others ...Page) (http.Handler, error) {
	forms := append(slices.Clone(others), Page{File: "index.html"})
	contents := map[string][]byte{}
	for _, form := range forms {
		content, err := fs.ReadFile(files, form.File)
		if err != nil {
			return nil, fmt.Errorf("web app: %w", err)
		}
		contents[form.File] = content
	}
	static := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "Only GET and HEAD are possible here.", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if info, err := fs.Stat(files, name); err == nil && !info.IsDir() && contents[name] == nil {
			if strings.HasPrefix(name, "assets/") {
				w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			} else {
				w.Header().Set("Cache-Control", "public, max-age=3600")
			}
			// A worker runs under the policy of its own response.
			w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; font-src 'self'")
			if !servePacked(w, r, files, name) {
				static.ServeHTTP(w, r)
			}
			return
		}
		if strings.HasPrefix(name, "assets/") {
			http.NotFound(w, r)
			return
		}
		nonce := rand.Text()
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", strings.Join([]string{
			"default-src 'none'",
			"script-src 'self' 'wasm-unsafe-eval'",
			"style-src 'self' 'nonce-" + nonce + "'",
			"img-src 'self' blob: data:",
			"font-src 'self' data:",
			"connect-src 'self'",
			"worker-src 'self'",
			"manifest-src 'self'",
			"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'",
		}, "; "))
		form := forms[slices.IndexFunc(forms, func(p Page) bool { return strings.HasPrefix(name, p.Prefix) })]
		page := bytes.ReplaceAll(contents[form.File], []byte(placeholder), []byte(nonce))
		if form.Head != nil {
			h.Set("X-Robots-Tag", "noindex, nofollow")
			head := form.Head(r)
			// After the nonce was put in: what came from outside must never get one.
			page = bytes.Replace(page, []byte("</head>"), append(head.Markup, "</head>"...), 1)
			if head.Status != 0 {
				w.WriteHeader(head.Status)
			}
		}
		if r.Method == http.MethodHead {
			return
		}
		_, _ = w.Write(page)
	}), nil
}

// encodings of files that the build has compressed, the better one first.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// servePacked answers with a compressed form of a file, or reports that there is
// none that the browser takes.
func servePacked(w http.ResponseWriter, r *http.Request, files fs.FS, name string) bool {
	for _, encoding := range encodings {
		packed, err := files.Open(name + encoding.suffix)
		if err != nil {
			continue
		}
		defer func() { _ = packed.Close() }()
		h := w.Header()
		h.Set("Vary", "Accept-Encoding")
		content, ok := packed.(io.ReadSeeker)
		if !ok || !accepts(r.Header.Get("Accept-Encoding"), encoding.name) {
			continue
		}
		h.Set("Content-Encoding", encoding.name)
		h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
		http.ServeContent(w, r, "", time.Time{}, content)
		return true
	}
	return false
}

// accepts reports whether an Accept-Encoding header names an encoding without
// refusing it.
func accepts(header, encoding string) bool {
	for one := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(one, ";")
		if strings.EqualFold(strings.TrimSpace(coding), encoding) {
			quality := strings.TrimSpace(weight)
			return quality != "q=0" && !strings.HasPrefix(quality, "q=0.000")
		}
	}
	return false
}
