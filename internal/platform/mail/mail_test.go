package mail_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/mail"
	"scrollkeeper.example/scrollkeeper/internal/platform/mail/mailtest"
)

var ada = mail.Address{Name: "Ada Okonkwo", Email: "ada@example.org"}

func TestMailArrives(t *testing.T) {
	t.Parallel()
	server := mailtest.New(t, mailtest.Config{User: "papers", Password: "correct horse"})
	err := server.Sender(t, nil).Send(t.Context(), mail.Message{
		To: ada, Subject: "Ines on “Čapek’s robots”", Text: "Hello,\n\nα ≠ β\n.\nthe end\n", HTML: "<p>Hello</p>", ID: "0197-ab",
		Headers: map[string]string{"List-Unsubscribe": "<https://papers.example.org/u/" + strings.Repeat("x", 120) + ">"},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := server.Mails()[0]
	if got.From != "papers@example.org" || len(got.To) != 1 || got.To[0] != "ada@example.org" {
		t.Errorf("from %s to %v", got.From, got.To)
	}
	if got.Subject() != "Ines on “Čapek’s robots”" {
		t.Errorf("subject %q", got.Subject())
	}
	if !strings.Contains(got.Text, "α ≠ β\n.\nthe end") || got.HTML != "<p>Hello</p>" {
		t.Errorf("text %q, html %q", got.Text, got.HTML)
	}
	if got.Header.Get("Message-Id") != "<0197-ab@example.org>" || got.Header.Get("From") != `"Scrollkeeper" <papers@example.org>` {
		t.Errorf("header %v", got.Header)
	}
	if link := got.Header.Get("List-Unsubscribe"); !strings.HasPrefix(link, "<https://") || !strings.HasSuffix(link, "x>") || strings.Contains(link, " ") {
		t.Errorf("the link was changed: %q", link)
	}
}

// TestNobodyWritesHeaders sends what an attacker would put into a name, a
// title and an address.
func TestNobodyWritesHeaders(t *testing.T) {
	t.Parallel()
	server := mailtest.New(t, mailtest.Config{})
	sender := server.Sender(t, nil)
	for _, evil := range []string{
		"x\r\nBcc: eve@example.org", "x\nBcc: eve@example.org", "x\rBcc: eve@example.org", "x\r\n\r\nBcc: eve@example.org",
		"x\u2028Bcc: eve@example.org", "x\x00Bcc: eve@example.org", strings.Repeat("long ", 300) + "\r\nBcc: eve@example.org",
		"=?utf-8?q?x=0D=0ABcc:_eve@example.org?=",
	} {
		err := sender.Send(t.Context(), mail.Message{To: mail.Address{Name: evil, Email: ada.Email}, Subject: evil, Text: "t"})
		if err != nil {
			t.Fatalf("%q: %v", evil, err)
		}
	}
	for _, got := range server.Mails() {
		if len(got.To) != 1 || got.Header.Get("Bcc") != "" {
			t.Errorf("reached %v, Bcc %q", got.To, got.Header.Get("Bcc"))
		}
		for name := range got.Header {
			if !strings.Contains("From To Subject Date Message-Id Mime-Version Content-Type Content-Transfer-Encoding", name) {
				t.Errorf("a header %q came in by %q", name, got.Subject())
			}
		}
		if strings.TrimSpace(got.Text) != "t" {
			t.Errorf("the text became %q", got.Text)
		}
	}
	before := len(server.Mails())
	for name, m := range map[string]mail.Message{
		"an address with a line":  {To: mail.Address{Email: "ada@example.org\r\nBcc: eve@example.org"}},
		"two addresses":           {To: mail.Address{Email: "ada@example.org, eve@example.org"}},
		"an address with a name":  {To: mail.Address{Email: "Ada <ada@example.org>"}},
		"no address":              {},
		"a header with a line":    {To: ada, Headers: map[string]string{"X-A": "b\r\nBcc: eve@example.org"}},
		"a name that is two":      {To: ada, Headers: map[string]string{"X-A: b\r\nBcc": "eve@example.org"}},
		"an id that ends its own": {To: ada, ID: "a>\r\nBcc: eve@example.org"},
	} {
		if err := sender.Send(t.Context(), m); !errors.Is(err, mail.ErrHeader) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(server.Mails()); n != before {
		t.Errorf("%d of them were sent", n-before)
	}
}

func TestServersThatFail(t *testing.T) {
	t.Parallel()
	message := mail.Message{To: ada, Subject: "s", Text: "t"}

	t.Run("one that refuses says why", func(t *testing.T) {
		t.Parallel()
		server := mailtest.New(t, mailtest.Config{})
		server.Fail(451, "greylisted, try again")
		err := server.Sender(t, nil).Send(t.Context(), message)
		if err == nil || !strings.Contains(err.Error(), "451") || !strings.Contains(err.Error(), "greylisted, try again") {
			t.Errorf("got %v", err)
		}
		server.Fail(0, "")
		if err := server.Sender(t, nil).Send(t.Context(), message); err != nil {
			t.Errorf("later: %v", err)
		}
	})
	t.Run("one without TLS gets nothing, unless that is allowed", func(t *testing.T) {
		t.Parallel()
		server := mailtest.New(t, mailtest.Config{WithoutTLS: true})
		if err := server.Sender(t, nil).Send(t.Context(), message); err == nil || len(server.Mails()) != 0 {
			t.Errorf("got %v, %d mails", err, len(server.Mails()))
		}
		for i, allowed := range []mail.Security{mail.TryStartTLS, mail.NoTLS} {
			if err := server.Sender(t, func(c *mail.Config) { c.Security = allowed }).Send(t.Context(), message); err != nil || len(server.Mails()) != i+1 {
				t.Errorf("%s: %v, %d mails", allowed, err, len(server.Mails()))
			}
		}
	})
	t.Run("one whose certificate nobody knows gets nothing", func(t *testing.T) {
		t.Parallel()
		server := mailtest.New(t, mailtest.Config{})
		err := server.Sender(t, func(c *mail.Config) { c.TLS = nil }).Send(t.Context(), message)
		if err == nil || !strings.Contains(err.Error(), "certificate") || len(server.Mails()) != 0 {
			t.Errorf("got %v, %d mails", err, len(server.Mails()))
		}
	})
	t.Run("a wrong password", func(t *testing.T) {
		t.Parallel()
		server := mailtest.New(t, mailtest.Config{User: "papers", Password: "right"})
		err := server.Sender(t, func(c *mail.Config) { c.Password = "wrong-secret" }).Send(t.Context(), message)
		if err == nil || strings.Contains(err.Error(), "wrong-secret") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("one that says nothing is given up", func(t *testing.T) {
		t.Parallel()
		server := mailtest.New(t, mailtest.Config{Silent: true})
		begin := time.Now()
		err := server.Sender(t, func(c *mail.Config) { c.Timeout = 300 * time.Millisecond }).Send(t.Context(), message)
		if err == nil || time.Since(begin) > 10*time.Second {
			t.Errorf("got %v after %v", err, time.Since(begin))
		}
	})
	t.Run("one that is not there", func(t *testing.T) {
		t.Parallel()
		server := mailtest.New(t, mailtest.Config{})
		err := server.Sender(t, func(c *mail.Config) { c.Port = 1 }).Send(t.Context(), message)
		if err == nil || !strings.Contains(err.Error(), "refused") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a send that is not wanted any more", func(t *testing.T) {
		t.Parallel()
		server := mailtest.New(t, mailtest.Config{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := server.Sender(t, nil).Send(ctx, message); err == nil || len(server.Mails()) != 0 {
			t.Errorf("got %v, %d mails", err, len(server.Mails()))
		}
	})
}
