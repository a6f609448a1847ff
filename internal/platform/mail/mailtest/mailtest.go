// Package mailtest is an SMTP server for tests: a real peer on a real socket
// that keeps what it gets, and fails when told to.
package mailtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"scrollkeeper.example/scrollkeeper/internal/platform/mail"
)

// Config says how the server behaves; its zero value takes everything, over
// STARTTLS or in the clear.
type Config struct {
	// WithoutTLS has it offer no STARTTLS.
	WithoutTLS bool
	// User and Password, when set, must be given.
	User, Password string
	// Silent has it accept connections and say nothing.
	Silent bool
}

// Mail is a message that the server took.
type Mail struct {
	From string
	To   []string
	// Raw is as it came.
	Raw []byte
	// Header, Text and HTML are read from it.
	Header     netmail.Header
	Text, HTML string
}

// Subject is the decoded one.
func (m Mail) Subject() string {
	s, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return m.Header.Get("Subject")
	}
	return s
}

// Server is an SMTP server that lives as long as its test.
type Server struct {
	cfg   Config
	host  string
	port  int
	roots *x509.CertPool

	mu    sync.Mutex
	mails []Mail
	fail  error
	came  chan struct{}
}

// New starts a server.
func New(t testing.TB, cfg Config) *Server {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	address, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		t.Fatalf("address %v", listener.Addr())
	}
	s := &Server{cfg: cfg, host: "127.0.0.1", port: address.Port, came: make(chan struct{}, 1000)}
	certificate := s.certificate(t)
	if cfg.Silent {
		t.Cleanup(func() { _ = listener.Close() })
		go s.keepQuiet(t, listener)
		return s
	}
	server := smtp.NewServer(s)
	server.Domain = "sink.example.org"
	server.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	server.AllowInsecureAuth = cfg.WithoutTLS
	if !cfg.WithoutTLS {
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return s
}

// keepQuiet holds connections open until the test ends.
func (s *Server) keepQuiet(t testing.TB, listener net.Listener) {
	t.Helper()
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
}

// Sender is the product's own way to this server. change may be nil.
func (s *Server) Sender(t testing.TB, change func(*mail.Config)) *mail.SMTP {
	t.Helper()
	cfg := mail.Config{
		Host: s.host, Port: s.port, User: s.cfg.User, Password: s.cfg.Password,
		From: mail.Address{Name: "Scrollkeeper", Email: "papers@example.org"},
		TLS:  &tls.Config{RootCAs: s.roots, MinVersion: tls.VersionTLS12},
	}
	if change != nil {
		change(&cfg)
	}
	sender, err := mail.NewSMTP(cfg)
	if err != nil {
		t.Fatalf("sender: %v", err)
	}
	return sender
}

// Fail has every message refused from now on; nil ends that.
func (s *Server) Fail(code int, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail = nil; code != 0 {
		s.fail = &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCodeNotSet, Message: message}
	}
}

// Mails are those that were taken so far.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Wait returns once n mails were taken in all.
func (s *Server) Wait(t testing.TB, n int) []Mail {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		if got := s.Mails(); len(got) >= n {
			return got
		}
		select {
		case <-s.came:
		case <-deadline:
			t.Fatalf("%d mails came, want %d", len(s.Mails()), n)
		}
	}
}

// NewSession implements smtp.Backend.
func (s *Server) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }

type session struct {
	server *Server
	proven bool
	mail   Mail
}

func (s *session) AuthMechanisms() []string {
	if s.server.cfg.User == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.server.cfg.User || password != s.server.cfg.Password {
			return errors.New("wrong user or password")
		}
		s.proven = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.server.cfg.User != "" && !s.proven {
		return smtp.ErrAuthRequired
	}
	s.mail = Mail{From: from}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if s.server.fail != nil {
		return s.server.fail
	}
	s.mail.To = append(s.mail.To, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mail.Raw = raw
	if err := s.mail.read(); err != nil {
		return err
	}
	s.server.mu.Lock()
	s.server.mails = append(s.server.mails, s.mail)
	s.server.mu.Unlock()
	s.server.came <- struct{}{}
	return nil
}

func (s *session) Reset()        { s.mail = Mail{} }
func (s *session) Logout() error { return nil }

// read takes the message apart.
func (m *Mail) read() error {
	message, err := netmail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		return err
	}
	m.Header = message.Header
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	if !strings.HasPrefix(kind, "multipart/") {
		m.Text, err = body(message.Body, message.Header.Get("Content-Transfer-Encoding"))
		return err
	}
	parts := multipart.NewReader(message.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		text, err := body(part, part.Header.Get("Content-Transfer-Encoding"))
		if err != nil {
			return err
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			m.HTML = text
		} else {
			m.Text = text
		}
	}
}

func body(r io.Reader, encoding string) (string, error) {
	if strings.EqualFold(encoding, "quoted-printable") {
		r = quotedprintable.NewReader(r)
	}
	b, err := io.ReadAll(r)
	return strings.ReplaceAll(string(b), "\r\n", "\n"), err
}

// certificate is the server's own, for this test alone.
func (s *Server) certificate(t testing.TB) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatalf("key: %v", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sink"}, IPAddresses: []net.IP{net.ParseIP(s.host)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatalf("certificate: %v", err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatalf("certificate: %v", err)
	}
	s.roots = x509.NewCertPool()
	s.roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
