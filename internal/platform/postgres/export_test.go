package postgres

import "testing"

// SetPublicFolders has copies of the server's programs made in folders of the
// test's own, and not on the machine.
func SetPublicFolders(t *testing.T, folders ...string) {
	t.Helper()
	before := publicFolders
	publicFolders = func() []string { return folders }
	t.Cleanup(func() { publicFolders = before })
}

// DeadPeerTimeout and AcquireTimeout are what the tests of slow databases expect.
const (
	DeadPeerTimeout = deadPeerTimeout
	AcquireTimeout  = acquireTimeout
)
