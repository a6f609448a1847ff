package config

import (
	"cmp"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
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
	Mail

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
	Links
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

// Links is what links are made of; a worker writes some too, into mails.
type Links struct {
	// PublicURL is the address that people type, used in links. Empty:
	// http:// and the address that is listened on, see Origin.
	PublicURL string `help:"Address under which people reach the server, for links; http://<listen> when empty." env:"SCROLLKEEPER_PUBLIC_URL" group:"Web" placeholder:"URL"`
}

// Validate makes PublicURL an origin.
func (l *Links) Validate() error {
	if l.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(l.PublicURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return invalid("--public-url", l.PublicURL, "give scheme and host alone, as in --public-url https://papers.example.org")
	}
	l.PublicURL = u.Scheme + "://" + u.Host
	return nil
}

// Mail says through which server mail is sent. Without one, mails stay in the
// operator's outbox.
type Mail struct {
	// SMTPURL is smtp:// for a connection that STARTTLS protects, on port 587
	// unless it says otherwise, or smtps:// for TLS from the start, on port 465.
	// Empty: nothing is sent.
	SMTPURL string `name:"smtp-url" help:"Server that mail is sent through: smtp://user@mail.example.org, or smtps:// for TLS from the start. Without one, mail stays in the outbox." env:"SCROLLKEEPER_SMTP_URL" group:"Mail" placeholder:"URL"`
	// SMTPPassword belongs to the user in SMTPURL.
	SMTPPassword string `name:"smtp-password" help:"Password of the user in --smtp-url; give it by the variable's _FILE form." env:"SCROLLKEEPER_SMTP_PASSWORD" group:"Mail" placeholder:"PASSWORD"`
	// SMTPStartTLS says what smtp:// does where the server offers no TLS.
	SMTPStartTLS string `name:"smtp-starttls" help:"TLS with smtp://: ${enum}. Off only for a server on this machine." env:"SCROLLKEEPER_SMTP_STARTTLS" default:"required" enum:"required,optional,off" group:"Mail" placeholder:"HOW"`
	// MailFrom is who mail comes from. Empty: scrollkeeper@ and the host of
	// PublicURL.
	MailFrom string `name:"mail-from" help:"Sender of mail, as in Papers <papers@example.org>; scrollkeeper@<host of --public-url> when empty." env:"SCROLLKEEPER_MAIL_FROM" group:"Mail" placeholder:"ADDRESS"`
	// MailDelay is how long a mail about a thread waits for more of it, and for
	// its reader to see it in the inbox first.
	MailDelay time.Duration `name:"mail-delay" help:"How long a mail about a thread waits for more of it; none is sent about what was read meanwhile." env:"SCROLLKEEPER_MAIL_DELAY" default:"2m" group:"Mail" placeholder:"DURATION"`
}

// SMTP is a mail server's address, taken apart.
type SMTP struct {
	Host           string
	Port           int
	Implicit       bool // TLS from the start
	StartTLS       string
	User, Password string
	From           string
}

// Sends reports whether mail is sent at all.
func (m *Mail) Sends() bool { return m.SMTPURL != "" }

// Validate checks the server's address and the sender's.
func (m *Mail) Validate() error {
	if m.MailFrom != "" {
		if _, err := mail.ParseAddress(m.MailFrom); err != nil {
			return invalid("--mail-from", m.MailFrom, "it must look like papers@example.org or Papers <papers@example.org>")
		}
	}
	if m.MailDelay < 0 {
		return invalid("--mail-delay", m.MailDelay.String(), "give a duration, as in --mail-delay 2m")
	}
	if !m.Sends() {
		return nil
	}
	_, err := m.parse()
	return err
}

func (m *Mail) parse() (SMTP, error) {
	// The value is never repeated: it may hold a password.
	bad := invalid("--smtp-url", "", "it must look like smtp://user@mail.example.org:587 or smtps://user@mail.example.org")
	u, err := url.Parse(m.SMTPURL)
	if err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return SMTP{}, bad
	}
	s := SMTP{Host: u.Hostname(), Port: 587, Implicit: u.Scheme == "smtps", StartTLS: m.SMTPStartTLS, User: u.User.Username(), From: m.MailFrom}
	if s.Implicit {
		s.Port = 465
	}
	if port := u.Port(); port != "" {
		if s.Port, err = strconv.Atoi(port); err != nil || s.Port < 1 || s.Port > 65535 {
			return SMTP{}, bad
		}
	}
	password, inURL := u.User.Password()
	if inURL && m.SMTPPassword != "" {
		return SMTP{}, invalid("--smtp-password", "", "the password stands in --smtp-url too; remove it there")
	}
	s.Password = cmp.Or(m.SMTPPassword, password)
	if s.Password != "" && s.User == "" {
		return SMTP{}, invalid("--smtp-url", "", "there is a password and no user; write smtp://user@host")
	}
	return s, nil
}

// Server is the mail server of a process whose links are l. It fails where
// mails would hold links that lead nowhere.
func (m *Mail) Server(l Links) (SMTP, error) {
	s, err := m.parse()
	if err != nil {
		return SMTP{}, err
	}
	if l.PublicURL == "" {
		return SMTP{}, invalid("--smtp-url", "", "mails hold links, so give --public-url too, as in --public-url https://papers.example.org")
	}
	if s.From == "" {
		u, err := url.Parse(l.PublicURL)
		if err != nil {
			return SMTP{}, fmt.Errorf("--public-url: %w", err)
		}
		s.From = "Scrollkeeper <scrollkeeper@" + u.Hostname() + ">"
	}
	return s, nil
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
	if c.Sends() {
		_, err := c.Server(c.Links)
		return err
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

// Validate checks the address and the limits.
func (w *Web) Validate() error {
	if _, port, err := net.SplitHostPort(w.Listen); err != nil || port == "" {
		return invalid("--listen", w.Listen, "give a host and a port, as in --listen 127.0.0.1:8080")
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
