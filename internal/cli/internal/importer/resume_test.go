package importer

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestMemory(t *testing.T) {
	m := Memory{Folder: filepath.Join(t.TempDir(), "state", "uploads")}
	one := m.of("https://a.example", "library", "abc", "one.pdf")
	if one.Load() != "" {
		t.Error("it remembers what was never said")
	}
	one.Save("/api/uploads/1")
	one.Save("/api/uploads/2")
	if got := m.of("https://a.example", "library", "abc", "moved.pdf").Load(); got != "/api/uploads/2" {
		t.Errorf("another run remembers %q", got)
	}
	for _, other := range []*memo{
		m.of("https://b.example", "library", "abc", "one.pdf"),
		m.of("https://a.example", "another", "abc", "one.pdf"),
		m.of("https://a.example", "library", "abd", "one.pdf"),
	} {
		if got := other.Load(); got != "" {
			t.Errorf("another file remembers %q", got)
		}
	}

	t.Run("what is old is forgotten", func(t *testing.T) {
		m.sweep(time.Now())
		if one.Load() == "" {
			t.Error("forgotten too early")
		}
		m.sweep(time.Now().Add(forgetAfter + time.Hour))
		if one.Load() != "" {
			t.Error("still remembered")
		}
	})

	t.Run("a damaged file is as none", func(t *testing.T) {
		one.Save("/api/uploads/3")
		if err := os.WriteFile(one.path, []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := one.Load(); got != "" {
			t.Errorf("remembers %q", got)
		}
	})

	t.Run("nothing is left behind", func(t *testing.T) {
		one.Save("/api/uploads/4")
		one.Clear()
		if entries, err := os.ReadDir(m.Folder); err != nil || len(entries) > 0 {
			t.Errorf("left %v, %v", entries, err)
		}
	})

	t.Run("a place that cannot be written to is no trouble", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		memo := Memory{Folder: filepath.Join(file, "below")}.of("s", "l", "h", "f")
		memo.Save("/api/uploads/5")
		if memo.Load() != "" {
			t.Error("remembered")
		}
	})
}
