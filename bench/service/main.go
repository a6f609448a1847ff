// Command service measures the built binary as its users meet it: how long
// from start to ready, how long until a paper that was uploaded can be found,
// and how much memory is held when nothing is left to do.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
)

const (
	email    = "bench@example.org"
	password = "correct horse battery"
	pages    = 30
)

func main() {
	binary := flag.String("bin", "bin/scrollkeeper", "the built binary")
	papers := flag.Int("papers", 20, "how many papers of 30 pages to upload, one after the other")
	idle := flag.Duration("idle", 2*time.Minute, "how long to wait before memory is read")
	flag.Parse()
	if err := run(context.Background(), *binary, *papers, *idle); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, binary string, papers int, idle time.Duration) error {
	data, err := os.MkdirTemp("", "scrollkeeper-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(data) }()

	s, first, err := start(ctx, binary, data)
	if err != nil {
		return err
	}
	fmt.Printf("ready after the first start, database made anew: %.2f s\n", first.Seconds())
	if err := s.stop(); err != nil {
		return err
	}
	var starts []time.Duration
	for range 5 {
		var took time.Duration
		if s, took, err = start(ctx, binary, data); err != nil {
			return err
		}
		starts = append(starts, took)
		if len(starts) < 5 {
			if err := s.stop(); err != nil {
				return err
			}
		}
	}
	defer func() { _ = s.stop() }()
	report("ready after a start with a database (bar: 2 s)", starts)

	if err := s.signIn(ctx, binary, data); err != nil {
		return err
	}
	var found []time.Duration
	for i := range papers {
		took, err := s.uploadAndFind(ctx, i)
		if err != nil {
			return err
		}
		found = append(found, took)
	}
	report(fmt.Sprintf("a paper of %d pages found after its upload ended (bar: 3 s)", pages), found)

	fmt.Printf("waiting %s with nothing to do …\n", idle)
	time.Sleep(idle)
	resident, err := s.resident()
	if err != nil {
		return err
	}
	fmt.Printf("memory of the server besides PostgreSQL (bar: 200 MB): %.0f MB\n", float64(resident)/1e6)
	return nil
}

func report(what string, took []time.Duration) {
	slices.Sort(took)
	at := func(q float64) float64 { return took[int(q*float64(len(took)-1)+0.5)].Seconds() }
	fmt.Printf("%s: median %.2f s, p95 %.2f s, worst %.2f s of %d\n", what, at(0.5), at(0.95), at(1), len(took))
}

type server struct {
	cmd                      *exec.Cmd
	origin, token, libraryID string
}

// start runs the server and returns when /readyz says yes.
func start(ctx context.Context, binary, data string) (*server, time.Duration, error) {
	began := time.Now()
	cmd := exec.CommandContext(ctx, binary, "serve", "--data", data, "--listen", "127.0.0.1:0")
	cmd.Stderr = os.Stderr
	cmd.Env = append(os.Environ(), "SCROLLKEEPER_LOG_LEVEL=warn")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, 0, err
	}
	if err := cmd.Start(); err != nil {
		return nil, 0, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		at := strings.Index(lines.Text(), "http://")
		if at < 0 {
			continue
		}
		u, err := url.Parse(strings.Fields(lines.Text()[at:])[0])
		if err != nil {
			return nil, 0, err
		}
		s := &server{cmd: cmd, origin: "http://" + u.Host}
		go func() {
			for lines.Scan() { // keep the pipe empty
			}
		}()
		for {
			res, err := s.send(ctx, http.MethodGet, "/readyz", nil, nil)
			if err == nil && res.status == http.StatusOK {
				return s, time.Since(began), nil
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	return nil, 0, errors.Join(errors.New("the server ended before it was ready"), cmd.Wait())
}

func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return s.cmd.Wait()
}

func (s *server) signIn(ctx context.Context, binary, data string) error {
	user := exec.CommandContext(ctx, binary, "user", "create", "--data", data, "--email", email, "--name", "Bench", "--password-stdin")
	user.Stdin = strings.NewReader(password + "\n")
	if out, err := user.CombinedOutput(); err != nil {
		return fmt.Errorf("user create: %w: %s", err, out)
	}
	token, err := exec.CommandContext(ctx, binary, "token", "create", "--data", data, "--email", email).Output()
	if err != nil {
		return fmt.Errorf("token create: %w", err)
	}
	s.token = strings.TrimSpace(string(token))
	res, err := s.send(ctx, http.MethodGet, "/api/libraries", nil, nil)
	if err != nil {
		return err
	}
	var libraries struct {
		Items []struct{ ID string }
	}
	if err := json.Unmarshal(res.body, &libraries); err != nil || len(libraries.Items) == 0 {
		return fmt.Errorf("no library: %.200s", res.body)
	}
	s.libraryID = libraries.Items[0].ID
	return nil
}

// uploadAndFind uploads one paper and asks until the word on its last page is
// found. The clock starts when the upload is acknowledged.
func (s *server) uploadAndFind(ctx context.Context, n int) (time.Duration, error) {
	text := make([]string, pages)
	for i := range text {
		lines := make([]string, 45)
		for j := range lines {
			lines[j] = fmt.Sprintf("Line %d of page %d says what eighty letters of a paper usually say, number %d.", j+1, i+1, n)
		}
		text[i] = strings.Join(lines, "\n")
	}
	word := "needle" + strconv.Itoa(n) + "x"
	text[pages-1] += "\n" + word
	file := extracttest.PDF(text...)
	enc := func(v string) string { return base64.StdEncoding.EncodeToString([]byte(v)) }
	res, err := s.send(ctx, http.MethodPost, "/api/uploads/", http.Header{
		"Tus-Resumable": {"1.0.0"}, "Upload-Length": {strconv.Itoa(len(file))}, "Content-Type": {"application/offset+octet-stream"},
		"Upload-Metadata": {"filename " + enc(word+".pdf") + ",library_id " + enc(s.libraryID)},
	}, file)
	if err != nil {
		return 0, err
	}
	if res.status != http.StatusCreated {
		return 0, fmt.Errorf("upload: %d %.200s", res.status, res.body)
	}
	began := time.Now()
	for time.Since(began) < time.Minute {
		res, err := s.send(ctx, http.MethodGet, "/api/search?q="+word, nil, nil)
		if err != nil {
			return 0, err
		}
		if bytes.Contains(res.body, []byte(`"document_id"`)) {
			return time.Since(began), nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return 0, errors.New("the paper was not found within a minute")
}

// resident is the memory of the server and its children, without PostgreSQL.
func (s *server) resident() (int64, error) {
	total, err := residentOf(s.cmd.Process.Pid)
	if err != nil {
		return 0, err
	}
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for _, task := range tasks {
		raw, err := os.ReadFile(task)
		if err != nil {
			continue // the thread has ended
		}
		for field := range strings.FieldsSeq(string(raw)) {
			child, err := strconv.Atoi(field)
			if err != nil {
				return 0, err
			}
			name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", child))
			if err != nil || strings.TrimSpace(string(name)) == "postgres" {
				continue
			}
			part, err := residentOf(child)
			if err != nil {
				return 0, err
			}
			total += part
		}
	}
	return total, nil
}

func residentOf(pid int) (int64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.SplitSeq(string(raw), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb * 1024, err
		}
	}
	return 0, fmt.Errorf("no resident size for process %d", pid)
}

type response struct {
	status int
	body   []byte
}

func (s *server) send(ctx context.Context, method, path string, header http.Header, body []byte) (response, error) {
	req, err := http.NewRequestWithContext(ctx, method, s.origin+path, bytes.NewReader(body))
	if err != nil {
		return response{}, err
	}
	if header != nil {
		req.Header = header
	}
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return response{}, err
	}
	var read bytes.Buffer
	_, err = read.ReadFrom(res.Body)
	return response{res.StatusCode, read.Bytes()}, errors.Join(err, res.Body.Close())
}
