package operate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/config"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Verdict is how one examination of Examine ended.
type Verdict string

// The verdicts.
const (
	Healthy Verdict = "ok"
	// Doubtful works, and may not go on working.
	Doubtful Verdict = "warning"
	Broken   Verdict = "problem"
)

// Examination is one thing that was looked at.
type Examination struct {
	Name    string  `json:"name"`
	Verdict Verdict `json:"verdict"`
	// Found says what is there; Advice, unless all is well, what to do.
	Found  string `json:"found"`
	Advice string `json:"advice,omitempty"`
}

// Limits below which the doctor speaks up.
const (
	littleSpace   = 5 << 30   // bytes free: room for some hundred papers
	noSpace       = 512 << 20 // bytes free: PostgreSQL itself needs some
	fewOpenFiles  = 4096
	clockTolerant = 2 * time.Second
)

// Examine looks at this machine as a server with cfg would find it, and tells
// done of each thing as soon as it is known. It starts the built-in PostgreSQL
// for the moment where a data folder exists and no server runs, and otherwise
// leaves everything as it is.
func Examine(ctx context.Context, cfg config.Config, log *slog.Logger, done func(Examination)) {
	for _, e := range []struct {
		name string
		run  func(context.Context) (Verdict, string, string)
	}{
		{"data folder", func(context.Context) (Verdict, string, string) { return examineFolder(cfg.Data) }},
		{"disk space", func(context.Context) (Verdict, string, string) { return examineSpace(cfg.Data) }},
		{"memory", func(context.Context) (Verdict, string, string) { return examineMemory(cfg.Work) }},
		{"open files", func(context.Context) (Verdict, string, string) { return examineOpenFiles() }},
		{"database", func(ctx context.Context) (Verdict, string, string) { return examineDatabase(ctx, cfg.Storage, log) }},
		{"address", func(ctx context.Context) (Verdict, string, string) { return examineAddress(ctx, cfg.Listen) }},
		{"parsing", func(ctx context.Context) (Verdict, string, string) { return examineParsing(ctx, cfg, log) }},
	} {
		verdict, found, advice := e.run(ctx)
		done(Examination{Name: e.name, Verdict: verdict, Found: found, Advice: advice})
	}
}

func examineFolder(folder string) (Verdict, string, string) {
	info, err := os.Stat(folder)
	if errors.Is(err, fs.ErrNotExist) {
		if err := tryWrite(existing(folder)); err != nil {
			return Broken, fmt.Sprintf("%s does not exist and cannot be made: %v", folder, err), "Make it for the user that runs Scrollkeeper, or choose another with --data."
		}
		return Healthy, folder + " does not exist yet; it will be made on first start", ""
	}
	if err != nil {
		return Broken, err.Error(), "Let the user that runs Scrollkeeper reach it, or choose another with --data."
	}
	if !info.IsDir() {
		return Broken, folder + " is not a folder", "Choose another with --data."
	}
	if err := tryWrite(folder); err != nil {
		return Broken, fmt.Sprintf("%s cannot be written to: %v", folder, err), "Give it to the user that runs Scrollkeeper (chown -R), or choose another with --data."
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return Doubtful, fmt.Sprintf("%s can be entered by other users of this machine (mode %04o)", folder, mode), "Close it: chmod 700 " + folder
	}
	return Healthy, folder + " can be written to, by its owner alone", ""
}

// existing is the nearest folder above path, or path itself, that exists.
func existing(path string) string {
	for {
		if _, err := os.Stat(path); err == nil || path == filepath.Dir(path) {
			return path
		}
		path = filepath.Dir(path)
	}
}

func examineSpace(folder string) (Verdict, string, string) {
	free, err := freeBytes(existing(folder))
	if err != nil {
		return Doubtful, "unknown: " + err.Error(), ""
	}
	found := fmt.Sprintf("%.1f GB free", float64(free)/1e9)
	switch {
	case free < noSpace:
		return Broken, found, "Free some space, or move the data folder to a larger disk; uploads are refused."
	case free < littleSpace:
		return Doubtful, found, "Make room before it runs out; a paper takes about twice its file's size."
	}
	return Healthy, found, ""
}

func examineMemory(w config.Work) (Verdict, string, string) {
	available, err := availableMemory()
	if err != nil {
		return Healthy, "unknown on this system", ""
	}
	need := int64(w.ParseJobs) * int64(w.ParseMemory)
	found := fmt.Sprintf("%.1f GB available; parsing may take %.1f GB", float64(available)/1e9, float64(need)/1e9)
	if available < need {
		return Doubtful, found, "Lower --parse-jobs or --parse-memory, or the system may end processes by itself."
	}
	return Healthy, found, ""
}

func examineOpenFiles() (Verdict, string, string) {
	limit, err := openFileLimit()
	if err != nil {
		return Doubtful, "unknown: " + err.Error(), ""
	}
	found := fmt.Sprintf("at most %d", limit)
	if limit < fewOpenFiles {
		return Doubtful, found, fmt.Sprintf("Raise the limit to %d or more (ulimit -Hn, or LimitNOFILE= in the unit file): each browser and upload needs some.", fewOpenFiles)
	}
	return Healthy, found, ""
}

func examineDatabase(ctx context.Context, s config.Storage, log *slog.Logger) (Verdict, string, string) {
	if s.DatabaseURL == "" && !HasData(s) {
		return Healthy, "none yet; the built-in PostgreSQL will make one on first start", ""
	}
	db, err := postgres.Open(ctx, postgres.Config{URL: s.DatabaseURL, DataDir: s.Data, BinDir: s.PostgresBin, Logger: log, Join: true})
	if err != nil {
		return Broken, plain(err), "See above, and postgres.log in the data folder."
	}
	defer func() { _ = db.Close(context.WithoutCancel(ctx)) }()
	var version string
	var theirs time.Time
	asked := time.Now()
	if err := db.Pool.QueryRow(ctx, `SELECT current_setting('server_version'), clock_timestamp()`).Scan(&version, &theirs); err != nil {
		return Broken, plain(postgres.Fault(err)), "Look into the database's own log."
	}
	answered := time.Now()
	found := "PostgreSQL " + version
	// Half way between question and answer is the best guess at when it looked.
	middle := asked.Add(answered.Sub(asked) / 2)
	if off := theirs.Sub(middle).Abs(); off > clockTolerant+answered.Sub(asked)/2 {
		return Doubtful, fmt.Sprintf("%s; its clock and this machine's differ by %s", found, off.Round(time.Second)), "Set both clocks by NTP: sign-ins and invitations end at times that both must agree on."
	}
	state, err := postgres.MigrationStatus(ctx, db.Pool)
	if err != nil {
		return Broken, found + "; " + plain(err), "Use the version of Scrollkeeper that the database belongs to, or a later one."
	}
	if !state.Current() {
		return Doubtful, found + "; its schema is older than this version", "It is brought up to date on the next start, or by: scrollkeeper migrate"
	}
	return Healthy, found + ", schema up to date", ""
}

// HasData reports whether the data folder holds a database of the built-in
// PostgreSQL.
func HasData(s config.Storage) bool {
	_, err := os.Stat(filepath.Join(s.Data, "postgres"))
	return err == nil
}

func examineAddress(ctx context.Context, address string) (Verdict, string, string) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", address)
	if err == nil {
		_ = listener.Close()
		return Healthy, address + " is free", ""
	}
	if isScrollkeeper(ctx, address) {
		return Healthy, "a Scrollkeeper answers on " + address, ""
	}
	return Broken, fmt.Sprintf("%s cannot be listened on: %v", address, err), "Stop the program that has it, or choose another with --listen."
}

func isScrollkeeper(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "localhost"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/api/meta", nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	return resp.StatusCode == http.StatusOK && resp.Header.Get("X-Request-Id") != ""
}

func examineParsing(ctx context.Context, cfg config.Config, log *slog.Logger) (Verdict, string, string) {
	const advice = "Run it as a user who may start processes and write temporary files, or raise --parse-memory."
	folder, err := os.MkdirTemp("", "scrollkeeper-doctor-")
	if err != nil {
		return Broken, err.Error(), "Make room in the folder for temporary files, or name another in TMPDIR."
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "sample.pdf")
	if err := os.WriteFile(path, samplePDF(), 0o600); err != nil {
		return Broken, err.Error(), "Make room in the folder for temporary files, or name another in TMPDIR."
	}
	pool := extract.NewPool(extract.Config{
		CacheDir: extract.UserCacheDir(), Jobs: 1, MemoryLimit: int64(cfg.ParseMemory), TimeLimit: cfg.ParseTimeout, MaxPages: cfg.MaxPages, Logger: log,
	})
	defer func() { _ = pool.Close() }()
	text := ""
	started := time.Now()
	_, err = extract.Run(ctx, pool, path, extract.Options{TextOnly: true, OnPage: func(p pagetext.Page) error {
		text += p.Text
		return nil
	}})
	switch {
	case err != nil:
		return Broken, "a sample could not be read: " + err.Error(), advice
	case text != sampleText:
		return Broken, fmt.Sprintf("a sample was read as %q, not %q", text, sampleText), "This build is damaged; build or download it again."
	}
	return Healthy, fmt.Sprintf("a sample was read in %.1f s, in a process of its own", time.Since(started).Seconds()), ""
}
