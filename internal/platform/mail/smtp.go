package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Security says how the connection to the server is protected.
type Security string

// The kinds of protection, from the best.
const (
	// StartTLS demands that the server turns the connection into TLS.
	StartTLS Security = "required"
	// TryStartTLS takes TLS where the server offers it.
	TryStartTLS Security = "optional"
	// NoTLS sends in the clear, for a server on the same machine.
	NoTLS Security = "off"
	// ImplicitTLS begins with TLS, as on port 465.
	ImplicitTLS Security = "implicit"
)

// DefaultTimeout bounds the delivery of one message.
const DefaultTimeout = 20 * time.Second

// Config names a server.
type Config struct {
	Host     string
	Port     int
	Security Security
	// User and Password prove who sends; both empty where the server asks nobody.
	User, Password string
	// From is who every message is from.
	From Address
	// Timeout bounds one delivery. Default: DefaultTimeout.
	Timeout time.Duration
	// TLS replaces the defaults, such as which authorities are trusted. May be nil.
	TLS *tls.Config
}

// SMTP is a Sender that opens a connection for each message: they are few, and
// one that is kept open is one that breaks unseen. Safe for concurrent use.
type SMTP struct{ cfg Config }

var _ Sender = (*SMTP)(nil)

// NewSMTP checks cfg; it does not connect.
func NewSMTP(cfg Config) (*SMTP, error) {
	if _, err := mailbox(cfg.From); err != nil {
		return nil, err
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = DefaultTimeout
	}
	s := &SMTP{cfg: cfg}
	if _, err := s.client(); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return s, nil
}

func (s *SMTP) client() (*gomail.Client, error) {
	c := s.cfg
	options := []gomail.Option{gomail.WithPort(c.Port), gomail.WithTimeout(c.Timeout), gomail.WithoutNoop()}
	switch c.Security {
	case ImplicitTLS:
		options = append(options, gomail.WithSSL())
	case NoTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	case TryStartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if c.TLS != nil {
		config := c.TLS.Clone()
		config.ServerName = c.Host
		options = append(options, gomail.WithTLSConfig(config))
	}
	if c.User != "" || c.Password != "" {
		// The strongest way that the server knows and the connection allows: a
		// password is never sent in the clear.
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(c.User), gomail.WithPassword(c.Password))
	}
	return gomail.NewClient(c.Host, options...)
}

// Send implements Sender.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	msg, err := build(m, s.cfg.From)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() {
		// Once the server has taken it, a goodbye that fails changes nothing;
		// sending again would make it two.
		return nil
	}
	return errors.New(plain(err.Error()))
}
