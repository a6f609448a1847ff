//go:build !linux

package disk_test

import "testing"

func smallFileSystem(t *testing.T, _ int) string {
	t.Helper()
	t.Skip("a small file system to fill is mounted on Linux only")
	return ""
}
