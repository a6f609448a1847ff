package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Roles that a process can have.
const (
	// RoleWeb answers HTTP: API, web app, uploads, sockets.
	RoleWeb = "web"
	// RoleWorker runs background jobs: checking, parsing, expiry.
	RoleWorker = "worker"
)

// Config is what `serve` and `worker` can be told. Smaller commands embed the
// groups that they need.
type Config struct {
	Storage
	Logging
	Web
	Work

	// Roles of this process. One process with both is a whole installation;
	// several processes share the work over one database.
	Roles []string `help:"What this process does: web, worker or both." env:"SCROLLKEEPER_ROLES" default:"web,worker" group:"General" placeholder:"ROLE"`
}

// Storage says where data lives.
type Storage struct {
	// Data is the folder for the built-in PostgreSQL, uploads and files. It is
	// made on first start, readable by its owner alone. Absolute once loaded.
	Data string `help:"Folder that holds everything: database, files, unfinished uploads." env:"SCROLLKEEPER_DATA" default:"./scrollkeeper-data" group:"Storage" placeholder:"DIR"`
	// DatabaseURL names an outside PostgreSQL, 15 to 18. Empty: the built-in
	// one is started in Data. It may hold a password, so prefer the variable's
	// _FILE form to the flag, which other users can see.
	DatabaseURL string `help:"Use this PostgreSQL (15 to 18) in place of the built-in one: postgres://user:password@host/name." env:"SCROLLKEEPER_DATABASE_URL" group:"Storage" placeholder:"URL"`
	// PostgresBin is the folder with initdb, pg_ctl and postgres for the
	// built-in server. Empty: found beside the binary or in web/node_modules.
	PostgresBin string `help:"Folder with the programs of the built-in PostgreSQL; found by itself when empty." env:"SCROLLKEEPER_POSTGRES_BIN" group:"Storage" placeholder:"DIR"`
}

// Logging says what is written to standard error, and how.
type Logging struct {
	// LogFormat is text for people or json for log collectors.
	LogFormat string `help:"How log lines look: text for people, json for collectors." env:"SCROLLKEEPER_LOG_FORMAT" default:"text" enum:"text,json" group:"Logging" placeholder:"FORMAT"`
	// LogLevel is the least level that is written. Requests that succeed are
	// logged at debug.
	LogLevel string `help:"Least level that is written: debug, info, warn or error." env:"SCROLLKEEPER_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" group:"Logging" placeholder:"LEVEL"`
}

// Level is LogLevel as slog has it.
func (l Logging) Level() slog.Level {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.LogLevel)); err != nil {
		return slog.LevelInfo
	}
	return level
}

// Web is what the web role needs.
type Web struct {
	// Listen is the address of the HTTP server. Port 0 takes a free one.
	Listen string `help:"Address to answer HTTP on; :8080 means every address of this machine." env:"SCROLLKEEPER_LISTEN" default:"127.0.0.1:8080" group:"Web" placeholder:"HOST:PORT"`
	// PublicURL is the address that people type, used in links. Empty:
	// http:// and the address that is listened on, see Origin.
	PublicURL string `help:"Address under which people reach the server, for links; http://<listen> when empty." env:"SCROLLKEEPER_PUBLIC_URL" group:"Web" placeholder:"URL"`
	// TrustedProxies may name the client's address in X-Forwarded-For. The
	// client is the right-most address there that is not one of these. Empty:
	// the header is ignored.
	TrustedProxies []Network `help:"Reverse proxies whose X-Forwarded-For is believed." env:"SCROLLKEEPER_TRUSTED_PROXIES" group:"Web" placeholder:"CIDR"`
	// SessionLifetime is how long somebody stays signed in without coming back.
	SessionLifetime time.Duration `help:"How long a sign-in lasts without a visit." env:"SCROLLKEEPER_SESSION_LIFETIME" default:"720h" group:"Web" placeholder:"DURATION"`
	// MaxUploadBytes is the largest file that is taken.
	MaxUploadBytes Bytes `help:"Largest file that is taken." env:"SCROLLKEEPER_MAX_UPLOAD_BYTES" default:"2GiB" group:"Web" placeholder:"SIZE"`
	// CacheBytes bounds the memory for blocks of files that are being read.
	CacheBytes Bytes `help:"Memory for parts of files that are being read." env:"SCROLLKEEPER_CACHE_BYTES" default:"64MiB" group:"Web" placeholder:"SIZE"`
}

// Origin is PublicURL, or http and the address that is really listened on
// where none is set; without a slash at its end.
func (w Web) Origin(listening net.Addr) string {
	if w.PublicURL != "" {
		return w.PublicURL
	}
	host, port, err := net.SplitHostPort(listening.String())
	if err != nil {
		return "http://" + listening.String()
	}
	// An unspecified address cannot be visited; this machine's own can.
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// OverHTTPS reports whether people come over HTTPS, so that cookies may be
// marked secure. It follows PublicURL: TLS itself ends in a proxy in front.
func (w Web) OverHTTPS() bool { return strings.HasPrefix(w.PublicURL, "https://") }

// Proxies is TrustedProxies as plain prefixes.
func (w Web) Proxies() []netip.Prefix {
	prefixes := make([]netip.Prefix, 0, len(w.TrustedProxies))
	for _, n := range w.TrustedProxies {
		prefixes = append(prefixes, n.Prefix)
	}
	return prefixes
}

// Work is what the worker role needs.
type Work struct {
	// ParseJobs is how many files are parsed at once, each in a process of its
	// own. 0 becomes the number of cores, at most 4.
	ParseJobs int `help:"Files parsed at once; 0 means one per core, at most 4." env:"SCROLLKEEPER_PARSE_JOBS" default:"0" group:"Parsing" placeholder:"N"`
	Limits
}

// Limits bound the parsing of one file.
type Limits struct {
	// ParseMemory is the memory that one parsing process may use before it is ended.
	ParseMemory Bytes `help:"Memory that parsing one file may take." env:"SCROLLKEEPER_PARSE_MEMORY" default:"512MiB" group:"Parsing" placeholder:"SIZE"`
	// ParseTimeout is how long parsing one file may take, besides half a second
	// for each of its pages.
	ParseTimeout time.Duration `help:"Time that parsing one file may take, besides half a second for each page." env:"SCROLLKEEPER_PARSE_TIMEOUT" default:"25s" group:"Parsing" placeholder:"DURATION"`
	// MaxPages is the largest number of pages that a file may have.
	MaxPages int `help:"Most pages that a file may have." env:"SCROLLKEEPER_MAX_PAGES" default:"5000" group:"Parsing" placeholder:"N"`
}

// Has reports whether this process has the role.
func (c *Config) Has(role string) bool { return slices.Contains(c.Roles, role) }

// Validate checks the roles; the groups check themselves. kong calls all of them.
func (c *Config) Validate() error {
	if len(c.Roles) == 0 {
		return invalid("--roles", "", "give web, worker or both, as in --roles web,worker")
	}
	for _, role := range c.Roles {
		if role != RoleWeb && role != RoleWorker {
			return invalid("--roles", role, "there are two roles, as in --roles web,worker")
		}
	}
	return nil
}

// Validate makes Data absolute and checks the database's address.
func (s *Storage) Validate() error {
	if s.Data == "" {
		return invalid("--data", "", "name the folder that holds everything, as in --data /var/lib/scrollkeeper")
	}
	abs, err := filepath.Abs(s.Data)
	if err != nil {
		return fmt.Errorf("--data: %w", err)
	}
	s.Data = abs
	if s.DatabaseURL == "" {
		return nil
	}
	// The value is never repeated: it may hold a password.
	u, err := url.Parse(s.DatabaseURL)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return invalid("--database-url", "", "it must look like postgres://user:password@host:5432/name")
	}
	return nil
}

// Validate checks the address, the links' origin and the limits.
func (w *Web) Validate() error {
	if _, port, err := net.SplitHostPort(w.Listen); err != nil || port == "" {
		return invalid("--listen", w.Listen, "give a host and a port, as in --listen 127.0.0.1:8080")
	}
	if w.PublicURL != "" {
		u, err := url.Parse(w.PublicURL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
			return invalid("--public-url", w.PublicURL, "give scheme and host alone, as in --public-url https://papers.example.org")
		}
		w.PublicURL = u.Scheme + "://" + u.Host
	}
	if w.SessionLifetime < time.Minute {
		return invalid("--session-lifetime", w.SessionLifetime.String(), "one minute is the least, as in --session-lifetime 720h")
	}
	if w.MaxUploadBytes < 1 {
		return invalid("--max-upload-bytes", w.MaxUploadBytes.String(), "give a size, as in --max-upload-bytes 2GiB")
	}
	return nil
}

// Validate settles ParseJobs.
func (w *Work) Validate() error {
	jobs, err := ParseJobs("--parse-jobs", w.ParseJobs)
	w.ParseJobs = jobs
	return err
}

// ParseJobs is how many files to parse at once when asked for jobs, the value
// of flag: one per core and at most 4 when that is 0.
func ParseJobs(flag string, jobs int) (int, error) {
	if jobs < 0 || jobs > 256 {
		return 0, invalid(flag, strconv.Itoa(jobs), "give a number from 1 to 256, or 0 for one per core")
	}
	if jobs == 0 {
		return min(runtime.NumCPU(), 4), nil
	}
	return jobs, nil
}

// Validate checks the limits.
func (l *Limits) Validate() error {
	if l.ParseMemory < parseMemoryFloor {
		return invalid("--parse-memory", l.ParseMemory.String(), "128MiB is the least that a file can be parsed in")
	}
	if l.ParseTimeout < time.Second {
		return invalid("--parse-timeout", l.ParseTimeout.String(), "one second is the least, as in --parse-timeout 25s")
	}
	if l.MaxPages < 1 {
		return invalid("--max-pages", strconv.Itoa(l.MaxPages), "give a number of pages, as in --max-pages 5000")
	}
	return nil
}

// parseMemoryFloor is what the smallest child needs besides the document.
const parseMemoryFloor = 128 << 20

// Error says which setting is wrong and what would be right.
type Error struct {
	// Flag names the setting, with its dashes.
	Flag string
	// Value as it was given; empty where it may be secret.
	Value string
	// Advice says what to give.
	Advice string
}

func (e *Error) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("%s: %s", e.Flag, e.Advice)
	}
	return fmt.Sprintf("%s %s: %s", e.Flag, e.Value, e.Advice)
}

func invalid(flag, value, advice string) error {
	return &Error{Flag: flag, Value: value, Advice: advice}
}
