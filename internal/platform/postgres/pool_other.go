//go:build !linux

package postgres

import "syscall"

// limitUnacknowledged does nothing where the kernel has no such option; the
// keep-alive probes of the dialer find an idle dead peer there.
func limitUnacknowledged(_, _ string, _ syscall.RawConn) error { return nil }
