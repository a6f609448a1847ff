package httpapi

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// WebApp serves the built web app. Files below assets/ carry a hash in their
// name and may be kept for ever; every other path that is no file is the page
// itself, because the app routes in the browser. In the page, placeholder
// stands where each answer's own style nonce goes.
func WebApp(files fs.FS, placeholder string) (http.Handler, error) {
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return nil, fmt.Errorf("web app: %w", err)
	}
	static := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "Only GET and HEAD are possible here.", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if info, err := fs.Stat(files, name); err == nil && !info.IsDir() && name != "index.html" {
			if strings.HasPrefix(name, "assets/") {
				w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			} else {
				w.Header().Set("Cache-Control", "public, max-age=3600")
			}
			// A worker runs under the policy of its own response.
			w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; font-src 'self'")
			static.ServeHTTP(w, r)
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
		page := bytes.ReplaceAll(index, []byte(placeholder), []byte(nonce))
		if r.Method == http.MethodHead {
			return
		}
		_, _ = w.Write(page)
	}), nil
}
