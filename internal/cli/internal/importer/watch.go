package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Watch keeps folders in step with a library: what comes into them is sent once it
// is complete. What leaves them stays in the library.
type Watch struct {
	Folders []string
	// Memory keeps what was sent between runs.
	Memory Memory
	// Key tells this watch's memory from others': the server and the library.
	Key string
	// Settle is for how long a file must not have changed to be taken as complete.
	Settle time.Duration
	// Send brings files in. Those for which it calls passed are not sent again until
	// they change. An error that will pass is tried again later.
	Send func(ctx context.Context, files []Found, passed func(path string)) error
	// Passing tells errors that will pass.
	Passing func(error) bool
	// OnWait is told before a pause after an error that will pass; OnPoll, once, that
	// the system does not tell of changes. Both may be nil.
	OnWait func(error, time.Duration)
	OnPoll func()

	seen map[string]*watched
}

// watched is a file of the folders.
type watched struct {
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
	// SHA256 of what was sent, of a bibliography.
	SHA256 string `json:"sha256,omitempty"`
	Passed bool   `json:"passed"`

	since time.Time // when it was first seen like this
}

const (
	// lookEvery is how often folders are looked at while something settles, or where
	// the system does not tell of changes; lookAnyway, where it does.
	lookEvery  = 2 * time.Second
	lookAnyway = 5 * time.Minute
	// firstPause doubles up to longestPause.
	firstPause   = 5 * time.Second
	longestPause = 2 * time.Minute
)

// Run watches until ctx ends, and returns nil then.
func (w *Watch) Run(ctx context.Context) error {
	w.load()
	events, add, stop := w.notifier()
	defer stop()
	pause := firstPause
	for ctx.Err() == nil {
		ready, unsettled := w.look(time.Now(), add)
		next := lookAnyway
		if events == nil || unsettled {
			next = min(lookEvery, max(w.Settle/2, 50*time.Millisecond))
		}
		if len(ready) > 0 {
			err := w.Send(ctx, ready, w.passed)
			w.save()
			switch {
			case ctx.Err() != nil:
				return nil
			case err != nil && !w.Passing(err):
				return err
			case err != nil:
				next, pause = pause, min(2*pause, longestPause)
				if w.OnWait != nil {
					w.OnWait(err, next)
				}
				if !sleep(ctx, next) { // events do not shorten it
					return nil
				}
				continue
			}
			pause = firstPause
		}
		timer := time.NewTimer(next)
		select {
		case <-timer.C:
		case <-events:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return nil
}

func sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// notifier gives a channel that says "something changed", and a way to follow a
// folder. The channel is nil where the system tells of nothing, or not of so many
// folders.
func (w *Watch) notifier() (events <-chan struct{}, add func(folder string), stop func()) {
	poll := func() (<-chan struct{}, func(string), func()) {
		if w.OnPoll != nil {
			w.OnPoll()
		}
		return nil, func(string) {}, func() {}
	}
	system, err := fsnotify.NewWatcher()
	if err != nil {
		return poll()
	}
	for _, folder := range w.Folders {
		if system.Add(folder) != nil {
			_ = system.Close()
			return poll()
		}
	}
	told := make(chan struct{}, 1)
	go func() {
		for {
			select {
			case _, open := <-system.Events:
				if !open {
					return
				}
			case _, open := <-system.Errors:
				if !open {
					return
				}
			}
			select {
			case told <- struct{}{}:
			default:
			}
		}
	}()
	// What cannot be followed below is found by looking.
	return told, func(folder string) { _ = system.Add(folder) }, func() { _ = system.Close() }
}

// look gives the files that are complete and were not sent, and says whether there
// are others that still change.
func (w *Watch) look(now time.Time, add func(string)) (ready []Found, unsettled bool) {
	there := map[string]bool{}
	for _, root := range w.Folders {
		_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return nil //nolint:nilerr // it went away, or may not be read; the others may
			}
			if path != root && strings.HasPrefix(entry.Name(), ".") {
				if entry.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			if entry.IsDir() {
				add(path)
				return nil
			}
			if !strings.EqualFold(filepath.Ext(path), ".pdf") && !inFolder(path) {
				return nil
			}
			info, err := os.Stat(path)
			if err != nil || !info.Mode().IsRegular() {
				return nil //nolint:nilerr // as above
			}
			there[path] = true
			f := w.seen[path]
			if f == nil || f.Size != info.Size() || !f.Modified.Equal(info.ModTime()) {
				sum := ""
				if f != nil {
					sum = f.SHA256
				}
				f = &watched{Size: info.Size(), Modified: info.ModTime(), SHA256: sum, since: now}
				w.seen[path] = f
			}
			switch {
			case f.Passed:
			case now.Sub(f.since) < w.Settle || now.Sub(f.Modified) >= 0 && now.Sub(f.Modified) < w.Settle || f.Size == 0:
				unsettled = unsettled || f.Size > 0
			default:
				ready = append(ready, Found{Path: path, Folder: folderBelow(root, path), Size: f.Size})
			}
			return nil
		})
	}
	for path := range w.seen {
		if !there[path] {
			delete(w.seen, path)
		}
	}
	// Bibliographies first: their files are theirs.
	slices.SortStableFunc(ready, func(a, b Found) int {
		switch x, y := inFolder(a.Path), inFolder(b.Path); {
		case x && !y:
			return -1
		case y && !x:
			return 1
		}
		return strings.Compare(a.Path, b.Path)
	})
	return ready, unsettled
}

// folderBelow is where a file stood, as Walk gives it.
func folderBelow(root, path string) string {
	abs, err := filepath.Abs(root)
	if err != nil {
		abs = root
	}
	below, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil {
		return ""
	}
	return filepath.ToSlash(filepath.Join(filepath.Base(abs), below))
}

func (w *Watch) passed(path string) {
	if f := w.seen[path]; f != nil {
		f.Passed = true
	}
}

// Same reports whether a bibliography has the content that was sent last, and
// remembers what it has now.
func (w *Watch) Same(path string) bool {
	b, err := os.ReadFile(path)
	f := w.seen[path]
	if err != nil || f == nil {
		return false
	}
	sum := sha256.Sum256(b)
	now := hex.EncodeToString(sum[:])
	same := f.SHA256 == now
	f.SHA256 = now
	return same
}

// Forget has a bibliography sent again, whatever it holds.
func (w *Watch) Forget(path string) {
	if f := w.seen[path]; f != nil {
		f.SHA256 = ""
	}
}

func (w *Watch) memoryFile() string {
	if w.Memory.Folder == "" {
		return ""
	}
	key := sha256.Sum256([]byte(w.Key + "\n" + strings.Join(w.Folders, "\n")))
	return filepath.Join(filepath.Dir(w.Memory.Folder), "watched", hex.EncodeToString(key[:16])+".json")
}

func (w *Watch) load() {
	w.seen = map[string]*watched{}
	if b, err := os.ReadFile(w.memoryFile()); err == nil {
		kept := map[string]*watched{}
		if json.Unmarshal(b, &kept) == nil {
			for path, f := range kept {
				if f != nil {
					w.seen[path] = f
				}
			}
		}
	}
}

// save keeps what was sent. Where it cannot, the next run asks the server for each
// file once more.
func (w *Watch) save() {
	name := w.memoryFile()
	if name == "" {
		return
	}
	b, err := json.Marshal(w.seen)
	if err != nil || os.MkdirAll(filepath.Dir(name), 0o700) != nil {
		return
	}
	temp := name + ".new"
	if os.WriteFile(temp, b, 0o600) == nil {
		_ = os.Rename(temp, name)
	}
}
