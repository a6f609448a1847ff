package extract_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// parentOf names the file that this test binary extracts as a server would, when
// it was started to be killed.
const parentOf = "SCROLLKEEPER_TEST_PARENT_OF"

func init() { serveParent = beParent }

// beParent starts children, says which, and works until it is killed.
func beParent() {
	path := os.Getenv(parentOf)
	if path == "" {
		return
	}
	pool := extract.NewPool(extract.Config{CacheDir: extract.UserCacheDir()})
	_, _ = extract.Run(context.Background(), pool, path, extract.Options{OnPage: func(pagetext.Page) error {
		// Its child is at work on the next page.
		fmt.Println(extract.Children(pool))
		return nil
	}})
	select {}
}

func TestNoChildOutlivesAParentThatIsKilled(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, document := range map[string][]byte{"while it works": busy(), "with its last page": extracttest.PDF("one page")} {
		t.Run(name, func(t *testing.T) {
			parent := exec.CommandContext(t.Context(), self, "-test.run", "none") //nolint:gosec // this very program
			parent.Env = append(os.Environ(), parentOf+"="+write(t, document))
			out, err := parent.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := parent.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			var held []int
			for field := range strings.FieldsSeq(strings.Trim(line, "[]\n")) {
				pid, err := strconv.Atoi(field)
				if err != nil {
					t.Fatal(err)
				}
				handle, err := unix.PidfdOpen(pid, 0)
				if err != nil {
					t.Skipf("left out: the system cannot watch a process: %v", err)
				}
				defer func() { _ = unix.Close(handle) }()
				held = append(held, handle)
			}
			if len(held) == 0 {
				t.Fatalf("no children in %q", line)
			}
			if err := parent.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = parent.Wait() // killed, as it says
			for _, handle := range held {
				// Readable when the process has ended (pidfd_open(2)).
				ended, err := unix.Poll([]unix.PollFd{{Fd: int32(handle), Events: unix.POLLIN}}, 20_000) //nolint:gosec // a descriptor
				if err != nil || ended != 1 {
					t.Errorf("a child lives on: %v", err)
				}
			}
		})
	}
}
