package config_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"scrollkeeper.example/scrollkeeper/internal/config"
)

func TestLoad(t *testing.T) {
	t.Run("needs nothing", func(t *testing.T) {
		c, err := config.Load()
		if err != nil {
			t.Fatal(err)
		}
		if c.Listen != "127.0.0.1:8080" || !c.Has(config.RoleWeb) || !c.Has(config.RoleWorker) {
			t.Errorf("got %+v", c)
		}
		if !filepath.IsAbs(c.Data) || filepath.Base(c.Data) != "scrollkeeper-data" {
			t.Errorf("data folder %q", c.Data)
		}
		if c.MaxUploadBytes != 2<<30 || c.MaxPages != 5000 || c.ParseMemory != 512<<20 || c.CacheBytes != 64<<20 {
			t.Errorf("limits %v %v %v %v", c.MaxUploadBytes, c.MaxPages, c.ParseMemory, c.CacheBytes)
		}
		if c.ParseJobs < 1 || c.ParseJobs > 4 {
			t.Errorf("parse jobs %d", c.ParseJobs)
		}
	})

	t.Run("a flag wins over a variable", func(t *testing.T) {
		t.Setenv("SCROLLKEEPER_LISTEN", "127.0.0.1:1")
		c, err := config.Load("--listen", "127.0.0.1:2")
		if err != nil {
			t.Fatal(err)
		}
		if c.Listen != "127.0.0.1:2" {
			t.Errorf("listens on %s", c.Listen)
		}
	})

	t.Run("variables of every type", func(t *testing.T) {
		t.Setenv("SCROLLKEEPER_ROLES", "worker")
		t.Setenv("SCROLLKEEPER_MAX_UPLOAD_BYTES", "1.5 GiB")
		t.Setenv("SCROLLKEEPER_PARSE_TIMEOUT", "90s")
		t.Setenv("SCROLLKEEPER_TRUSTED_PROXIES", "10.1.2.3/8,192.0.2.7")
		c, err := config.Load()
		if err != nil {
			t.Fatal(err)
		}
		if c.Has(config.RoleWeb) || c.MaxUploadBytes != 3<<29 || c.ParseTimeout != 90*time.Second {
			t.Errorf("got %v %v %v", c.Roles, c.MaxUploadBytes, c.ParseTimeout)
		}
		if got := c.TrustedProxies; len(got) != 2 || got[0].String() != "10.0.0.0/8" || got[1].String() != "192.0.2.7/32" {
			t.Errorf("proxies %v", got)
		}
	})

	t.Run("a file that a variable names", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "url")
		if err := os.WriteFile(file, []byte("postgres://u:p@db/name\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv("SCROLLKEEPER_DATABASE_URL_FILE", file)
		c, err := config.Load()
		if err != nil {
			t.Fatal(err)
		}
		if c.DatabaseURL != "postgres://u:p@db/name" {
			t.Errorf("got %q", c.DatabaseURL)
		}
	})

	t.Run("a mail server", func(t *testing.T) {
		t.Setenv("SCROLLKEEPER_SMTP_URL", "smtp://papers@mail.example.org")
		t.Setenv("SCROLLKEEPER_SMTP_PASSWORD", "hunter2")
		t.Setenv("SCROLLKEEPER_PUBLIC_URL", "https://papers.example.org:8443")
		c, err := config.Load()
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Server(c.Links)
		want := config.SMTP{Host: "mail.example.org", Port: 587, StartTLS: "required", User: "papers", Password: "hunter2", From: "Scrollkeeper <scrollkeeper@papers.example.org>"}
		if err != nil || got != want {
			t.Errorf("got %+v, %v", got, err)
		}
	})

	t.Run("a mail server with TLS from the start", func(t *testing.T) {
		c, err := config.Load("--smtp-url", "smtps://mail.example.org", "--public-url", "https://a.example", "--mail-from", "Lab <lab@example.org>")
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Server(c.Links)
		if err != nil || got.Port != 465 || !got.Implicit || got.User != "" || got.From != "Lab <lab@example.org>" {
			t.Errorf("got %+v, %v", got, err)
		}
	})

	t.Run("every variable has its _FILE form", func(t *testing.T) {
		var c config.Config
		parser, err := kong.New(&c)
		if err != nil {
			t.Fatal(err)
		}
		for _, flag := range parser.Model.Flags {
			if flag.Name == "help" {
				continue
			}
			if len(flag.Envs) != 1 || flag.Envs[0] != config.EnvPrefix+strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_")) {
				t.Errorf("--%s has the variables %v", flag.Name, flag.Envs)
			}
			if flag.Help == "" {
				t.Errorf("--%s has no help", flag.Name)
			}
		}
	})
}

func TestLoadRefuses(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("127.0.0.1:9"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		flags []string
		env   map[string]string
		want  string
	}{
		"an address without a port":        {flags: []string{"--listen", "localhost"}, want: "--listen localhost: give a host and a port"},
		"an unknown role":                  {flags: []string{"--roles", "web,cook"}, want: "--roles cook: there are two roles"},
		"a size that is none":              {flags: []string{"--cache-bytes", "lots"}, want: "is not a size; write it as 512MiB"},
		"a negative size":                  {flags: []string{"--cache-bytes=-1"}, want: "is not a size"},
		"too little memory for a child":    {flags: []string{"--parse-memory", "1MiB"}, want: "128MiB is the least"},
		"a network that is none":           {flags: []string{"--trusted-proxies", "everyone"}, want: "is not a network"},
		"links with a path":                {flags: []string{"--public-url", "https://a.example/papers"}, want: "give scheme and host alone"},
		"a log format that is none":        {flags: []string{"--log-format", "xml"}, want: `must be one of`},
		"a variable and its file":          {env: map[string]string{"SCROLLKEEPER_LISTEN": "127.0.0.1:1", "SCROLLKEEPER_LISTEN_FILE": secret}, want: "remove one of them"},
		"a file that is missing":           {env: map[string]string{"SCROLLKEEPER_LISTEN_FILE": secret + "-gone"}, want: "no such file"},
		"a variable that does not parse":   {env: map[string]string{"SCROLLKEEPER_MAX_PAGES": "many"}, want: "many"},
		"mail without links":               {flags: []string{"--smtp-url", "smtp://mail"}, want: "give --public-url too"},
		"mail by another protocol":         {flags: []string{"--smtp-url", "https://root:hunter2@mail", "--public-url", "https://a.example"}, want: "--smtp-url: it must look like smtp://"},
		"two passwords for mail":           {flags: []string{"--smtp-url", "smtp://u:p@mail", "--smtp-password", "hunter2", "--public-url", "https://a.example"}, want: "stands in --smtp-url too"},
		"a sender that is none":            {flags: []string{"--mail-from", "Lab"}, want: "--mail-from Lab: it must look like"},
		"an empty data folder":             {flags: []string{"--data", ""}, want: "--data: name the folder"},
		"another database than PostgreSQL": {flags: []string{"--database-url", "mysql://root:hunter2@db"}, want: "postgres://user:password@host"},
	} {
		t.Run(name, func(t *testing.T) {
			for k, v := range tc.env {
				t.Setenv(k, v)
			}
			_, err := config.Load(tc.flags...)
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("said %q, want %q in it", err, tc.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("gave a password away: %q", err)
			}
		})
	}
}

func TestBytes(t *testing.T) {
	for text, want := range map[string]config.Bytes{
		"0": 0, "1000": 1000, "64K": 64 << 10, "64KB": 64 << 10, "64kib": 64 << 10, "1 MiB": 1 << 20, "2g": 2 << 30, "1TiB": 1 << 40, "12b": 12,
	} {
		var got config.Bytes
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%q: got %d, %v; want %d", text, got, err, want)
		}
	}
	for size, want := range map[config.Bytes]string{0: "0", 1000: "1000", 2 << 30: "2GiB", 3 << 29: "1536MiB"} {
		if got := size.String(); got != want {
			t.Errorf("%d is written %s, want %s", int64(size), got, want)
		}
	}
}

func TestOrigin(t *testing.T) {
	at := func(s string) net.Addr {
		addr, err := net.ResolveTCPAddr("tcp", s)
		if err != nil {
			t.Fatal(err)
		}
		return addr
	}
	for _, tc := range []struct {
		web    config.Web
		listen string
		want   string
	}{
		{config.Web{}, "127.0.0.1:8080", "http://127.0.0.1:8080"},
		{config.Web{}, "0.0.0.0:80", "http://localhost:80"},
		{config.Web{}, "[::]:80", "http://localhost:80"},
		{config.Web{Links: config.Links{PublicURL: "https://papers.example.org"}}, "127.0.0.1:8080", "https://papers.example.org"},
	} {
		if got := tc.web.Origin(at(tc.listen)); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.listen, got, tc.want)
		}
	}
}

func TestUnknownVariables(t *testing.T) {
	var c config.Config
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	got := config.Unknown(parser.Model, []string{"HOME=/", "SCROLLKEEPER_LISTEN=x", "SCROLLKEEPER_LISTEN_FILE=x", "SCROLLKEEPER_LISTN=x"})
	if len(got) != 1 || got[0] != "SCROLLKEEPER_LISTN" {
		t.Errorf("got %v", got)
	}
}
