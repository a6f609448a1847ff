// Package logging sets up slog: text for people or JSON for collectors, with
// secrets taken out before a line is written.
package logging

import (
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"
)

// Format is how a line looks.
type Format string

// The formats.
const (
	Text Format = "text"
	JSON Format = "json"
)

// Redacted stands where a secret was.
const Redacted = "[redacted]"

// New makes a logger that writes lines of at least this level to w. Times are
// in UTC with milliseconds, so that the lines of several nodes sort together.
//
// The value of an attribute is replaced when its key says that it is a secret
// (password, client_secret, api-token, Authorization …), and the password in a
// URL is, whatever the key. Whole structs given as one attribute are not looked
// into: log their fields.
func New(w io.Writer, format Format, level slog.Leveler) *slog.Logger {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: replace}
	if format == JSON {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// timeFormat is RFC 3339 with milliseconds.
const timeFormat = "2006-01-02T15:04:05.000Z07:00"

func replace(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.TimeKey && a.Value.Kind() == slog.KindTime {
		return slog.String(slog.TimeKey, a.Value.Time().UTC().Format(timeFormat))
	}
	if secretKey(a.Key) && !harmless(a.Value) {
		return slog.String(a.Key, Redacted)
	}
	switch a.Value.Kind() {
	case slog.KindString:
		if s, changed := withoutPassword(a.Value.String()); changed {
			return slog.String(a.Key, s)
		}
	case slog.KindDuration:
		return slog.String(a.Key, a.Value.Duration().Round(time.Microsecond).String())
	case slog.KindAny:
		// URLs and errors print themselves; an error may quote an address.
		var text string
		switch v := a.Value.Any().(type) {
		case *url.URL:
			if v != nil {
				text = v.String()
			}
		case error:
			text = v.Error()
		}
		if s, changed := withoutPassword(text); changed {
			return slog.String(a.Key, s)
		}
	default:
	}
	return a
}

// secretWords mark a key as secret when they are one of its words.
var secretWords = map[string]bool{
	"password": true, "passwd": true, "passphrase": true, "secret": true, "secrets": true,
	"token": true, "authorization": true, "cookie": true, "credential": true, "credentials": true,
}

// secretKey splits at what separates words (client_secret, api-token,
// clientSecret), so that "tokens_made" or "tokenizer" stay readable.
func secretKey(key string) bool {
	word := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }
	for _, w := range strings.FieldsFunc(strings.ToLower(splitCamel(key)), word) {
		if secretWords[w] {
			return true
		}
	}
	return false
}

func splitCamel(key string) string {
	var b strings.Builder
	lower := false
	for _, r := range key {
		upper := r >= 'A' && r <= 'Z'
		if upper && lower {
			b.WriteByte('_')
		}
		lower = !upper
		b.WriteRune(r)
	}
	return b.String()
}

// harmless values cannot be secrets: whether there is a password, how old a
// token is.
func harmless(v slog.Value) bool {
	switch v.Kind() {
	case slog.KindBool, slog.KindInt64, slog.KindUint64, slog.KindFloat64, slog.KindDuration, slog.KindTime:
		return true
	default:
		return false
	}
}

// withoutPassword hides the password of every URL in s: what stands between the
// first colon and the last @ of an authority.
func withoutPassword(s string) (string, bool) {
	var b strings.Builder
	rest, changed := s, false
	for {
		scheme, after, found := strings.Cut(rest, "://")
		if !found {
			break
		}
		b.WriteString(scheme)
		b.WriteString("://")
		end := strings.IndexAny(after, "/?# \t\r\n\"'`<>")
		if end < 0 {
			end = len(after)
		}
		authority := after[:end]
		if at := strings.LastIndexByte(authority, '@'); at >= 0 {
			if user, _, has := strings.Cut(authority[:at], ":"); has {
				authority = user + ":" + Redacted + authority[at:]
				changed = true
			}
		}
		b.WriteString(authority)
		rest = after[end:]
	}
	if !changed {
		return s, false
	}
	b.WriteString(rest)
	return b.String(), true
}
