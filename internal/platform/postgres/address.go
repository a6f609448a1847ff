package postgres

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// maxSocketPath is the longest path of a Unix socket on every system: macOS has
// 103 bytes, Linux 107.
const maxSocketPath = 103

// socketAddress is how this process reaches the socket in a cluster.
type socketAddress struct {
	host string
	// link is a short name for a cluster whose own path is too long.
	link string
}

func newSocketAddress(cluster string) (*socketAddress, error) {
	if len(filepath.Join(cluster, socketName)) <= maxSocketPath {
		return &socketAddress{host: cluster}, nil
	}
	// The link is in a new folder of our own, so nobody else can turn it.
	parent := os.TempDir()
	if len(parent) > maxSocketPath/2 {
		parent = "/tmp"
	}
	private, err := os.MkdirTemp(parent, "scrollkeeper-")
	if err != nil {
		return nil, diskFault(fmt.Errorf("make a short path to the database's socket: %w", err))
	}
	link := filepath.Join(private, "db")
	if err := os.Symlink(cluster, link); err != nil {
		_ = os.Remove(private)
		return nil, diskFault(fmt.Errorf("make a short path to the database's socket: %w", err))
	}
	return &socketAddress{host: link, link: link}, nil
}

func (a *socketAddress) remove() {
	if a.link != "" {
		_ = os.Remove(a.link)
		_ = os.Remove(filepath.Dir(a.link))
	}
}

// url names every part that an environment variable such as PGHOST would fill in.
func (a *socketAddress) url(database string) string {
	query := url.Values{"host": {a.host}, "port": {socketPort}, "sslmode": {"disable"}}.Encode()
	u := url.URL{
		Scheme: "postgres", User: url.User(databaseUser), Path: "/" + database,
		// pgx reads a plus sign as itself, as libpq does, and not as a space.
		RawQuery: strings.ReplaceAll(query, "+", "%20"),
	}
	return u.String()
}
