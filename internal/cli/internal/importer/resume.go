package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"
)

// Memory keeps the addresses of unfinished uploads between runs, one small
// file for each in Folder, so that runs side by side do not disturb each other.
// An empty Folder keeps nothing.
type Memory struct{ Folder string }

// DefaultMemory keeps them where programs keep their state:
// $XDG_STATE_HOME/scrollkeeper/uploads, or below ~/.local/state.
func DefaultMemory() Memory {
	state := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home, err := os.UserHomeDir()
		if err != nil {
			return Memory{}
		}
		state = filepath.Join(home, ".local", "state")
	}
	return Memory{Folder: filepath.Join(state, "scrollkeeper", "uploads")}
}

// remembered is one file's content.
type remembered struct {
	Location string    `json:"location"`
	File     string    `json:"file"` // for whoever looks into the folder
	At       time.Time `json:"at"`
}

// forgetAfter is longer than a server keeps an unfinished upload.
const forgetAfter = 30 * 24 * time.Hour

// sweep removes what no server knows any more.
func (m Memory) sweep(now time.Time) {
	entries, err := os.ReadDir(m.Folder)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && now.Sub(info.ModTime()) > forgetAfter {
			_ = os.Remove(filepath.Join(m.Folder, entry.Name()))
		}
	}
}

// of is the memory of one file on its way to one library of one server.
func (m Memory) of(server, library, sha256Hex, file string) *memo {
	if m.Folder == "" {
		return &memo{}
	}
	key := sha256.Sum256([]byte(server + "\n" + library + "\n" + sha256Hex))
	return &memo{path: filepath.Join(m.Folder, hex.EncodeToString(key[:16])+".json"), file: file}
}

type memo struct{ path, file string }

// Load implements remote.Resumption.
func (m *memo) Load() string {
	if m.path == "" {
		return ""
	}
	b, err := os.ReadFile(m.path)
	if err != nil {
		return ""
	}
	var r remembered
	if json.Unmarshal(b, &r) != nil {
		return ""
	}
	return r.Location
}

// Save implements remote.Resumption.
func (m *memo) Save(location string) {
	if m.path == "" {
		return
	}
	b, err := json.Marshal(remembered{Location: location, File: m.file, At: time.Now().UTC()})
	if err != nil || os.MkdirAll(filepath.Dir(m.path), 0o700) != nil {
		return
	}
	// Renamed into place, so that a killed run leaves the old file or the new.
	temp, err := os.CreateTemp(filepath.Dir(m.path), ".new-*")
	if err != nil {
		return
	}
	_, err = temp.Write(b)
	err = errors.Join(err, temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), m.path)
	}
	if err != nil {
		_ = os.Remove(temp.Name())
	}
}

// Clear implements remote.Resumption.
func (m *memo) Clear() {
	if m.path != "" {
		_ = os.Remove(m.path)
	}
}
