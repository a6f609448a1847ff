package mail

import (
	"context"
	"errors"
	"fmt"
	"maps"
	netmail "net/mail"
	"slices"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// Address is a mailbox, with the name that is shown beside it.
type Address struct {
	Name  string // may be empty
	Email string
}

// ParseAddress reads "ada@example.org" or "Ada <ada@example.org>".
func ParseAddress(s string) (Address, error) {
	a, err := netmail.ParseAddress(s)
	if err != nil {
		return Address{}, fmt.Errorf("not an e-mail address: %w", err)
	}
	return Address{Name: a.Name, Email: a.Address}, nil
}

// Message is one mail to one person.
type Message struct {
	To Address
	// Subject may be anything; control characters become spaces.
	Subject string
	// Text is the body for every reader, with lines ended by \n.
	Text string
	// HTML says the same with links that can be clicked; empty for text alone.
	HTML string
	// ID is the left half of the Message-ID, the same at each try, so that a
	// mailbox which gets the mail twice shows it once. Letters, digits, hyphens.
	ID string
	// Headers are further ones, such as List-Unsubscribe, with values in ASCII.
	Headers map[string]string
}

// Sender sends mail.
type Sender interface {
	// Send returns nil once the server has taken the message. Any error means
	// that it may be sent again; its text says why in one line.
	Send(ctx context.Context, m Message) error
}

// ErrHeader is returned for a message that would have broken its own head.
var ErrHeader = errors.New("mail: a header holds what it must not")

// build makes the message as go-mail has it, with everything checked.
func build(m Message, from Address) (*gomail.Msg, error) {
	to, err := mailbox(m.To)
	if err != nil {
		return nil, err
	}
	sender, err := mailbox(from)
	if err != nil {
		return nil, err
	}
	if strings.Trim(m.ID, token) != "" {
		return nil, fmt.Errorf("%w: the id %q", ErrHeader, m.ID)
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(sender)
	msg.ToMailAddress(to)
	msg.Subject(plain(m.Subject))
	msg.SetDate()
	if m.ID != "" {
		_, domain, _ := strings.Cut(sender.Address, "@")
		msg.SetMessageIDWithValue(m.ID + "@" + domain)
	} else {
		msg.SetMessageID()
	}
	for _, name := range slices.Sorted(maps.Keys(m.Headers)) {
		value := m.Headers[name]
		if !headerName(name) || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
			return nil, fmt.Errorf("%w: %q", ErrHeader, name)
		}
		// As it is: folding or encoding would break the links of List-Unsubscribe.
		msg.SetGenHeaderPreformatted(gomail.Header(name), value)
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

// mailbox checks an address as strictly as a head needs it.
func mailbox(a Address) (*netmail.Address, error) {
	parsed, err := netmail.ParseAddress(a.Email)
	if err != nil || parsed.Address != a.Email || strings.ContainsFunc(a.Email, unicode.IsControl) {
		return nil, fmt.Errorf("%w: the address %q", ErrHeader, a.Email)
	}
	return &netmail.Address{Name: plain(a.Name), Address: a.Email}, nil
}

// plain is s on one line.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// token are the characters of a header's name, and of a message's id.
const token = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"

func headerName(name string) bool { return name != "" && strings.Trim(name, token) == "" }
