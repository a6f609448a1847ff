package logging_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/logging"
)

func TestSecretsAreTakenOut(t *testing.T) {
	const secret = "hunter2"
	address := "postgres://keeper:" + secret + "@db.example:5432/papers?sslmode=require"
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	for name, attr := range map[string]slog.Attr{
		"password":          slog.String("password", secret),
		"in capitals":       slog.String("Authorization", "Bearer "+secret),
		"client_secret":     slog.String("client_secret", secret),
		"api-token":         slog.String("api-token", secret),
		"clientSecret":      slog.String("clientSecret", secret),
		"in a group":        slog.Group("request", slog.String("token", secret)),
		"bytes":             slog.Any("secret", []byte(secret)),
		"in an address":     slog.String("database", address),
		"in a parsed one":   slog.Any("database", parsed),
		"in an error":       slog.Any("error", errors.New("connect to "+address+": refused")),
		"with an @ in it":   slog.String("database", "postgres://keeper:a@"+secret+"@db/papers"),
		"in a second place": slog.String("text", "http://a.example/ and "+address),
	} {
		for _, format := range []logging.Format{logging.Text, logging.JSON} {
			t.Run(name+" as "+string(format), func(t *testing.T) {
				var out bytes.Buffer
				logging.New(&out, format, slog.LevelInfo).LogAttrs(t.Context(), slog.LevelInfo, "hello", attr)
				if strings.Contains(out.String(), secret) {
					t.Errorf("the secret is in the log: %s", out.String())
				}
				if !strings.Contains(out.String(), logging.Redacted) {
					t.Errorf("nothing says that something was taken out: %s", out.String())
				}
			})
		}
	}
}

func TestTheRestStaysReadable(t *testing.T) {
	var out bytes.Buffer
	logger := logging.New(&out, logging.JSON, slog.LevelInfo)
	logger.Info("hello",
		"tokens_made", 3, "tokenizer", "simple", "has_password", true, "url", "https://a.example/p@ge?q=a:b",
		"took", 1234567*time.Nanosecond, "error", errors.New("no such page"))
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{
		"tokens_made": 3.0, "tokenizer": "simple", "has_password": true, "url": "https://a.example/p@ge?q=a:b",
		"took": "1.235ms", "error": "no such page", "level": "INFO", "msg": "hello",
	} {
		if line[key] != want {
			t.Errorf("%s is %v, want %v", key, line[key], want)
		}
	}
	if at, err := time.Parse(time.RFC3339, line["time"].(string)); err != nil || at.Location() != time.UTC {
		t.Errorf("time %v is not RFC 3339 in UTC", line["time"])
	}
}

func TestLevel(t *testing.T) {
	var out bytes.Buffer
	logging.New(&out, logging.Text, slog.LevelWarn).Info("hello")
	if out.Len() != 0 {
		t.Errorf("wrote %s", out.String())
	}
}
