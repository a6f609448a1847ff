package postgres

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Fault says in the product's words what went wrong between it and the database:
//
//	unavailable "database_unavailable"  away, starting, stopping, out of connections, or silent for too long
//	unavailable "database_busy"         a statement reached its time limit, or two waited for each other
//	full        "storage_full"          the database's disk is full
//
// Everything else comes back unchanged: nil, errors that already are faults,
// missing rows, broken constraints, and a context that the caller cancelled.
//
// It cannot tell a connection to the database from another: give it what the
// database returned, and let what else fails in a transaction be a fault already.
func Fault(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if _, ok := fault.As(err); ok {
		return err
	}
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		return stateFault(err, pgErr)
	}
	if connectionLost(err) {
		return unavailable(err)
	}
	return err
}

func unavailable(err error) error {
	return fault.Wrap(err, fault.Unavailable, "database_unavailable",
		"The database does not answer just now. Nothing was changed; try again in a few seconds.")
}

// stateFault maps the server's own errors; the codes are those of appendix A of
// PostgreSQL's manual.
func stateFault(err error, pgErr *pgconn.PgError) error {
	switch pgErr.Code {
	case "53100": // disk_full
		return fault.Wrap(err, fault.Full, "storage_full",
			"The database's disk is full, so this could not be saved. Free some space and try again.")
	case "57014", "40001", "40P01", "55P03", "25P03", "25P04":
		// query_canceled (by statement_timeout), serialization_failure,
		// deadlock_detected, lock_not_available, and the two session timeouts.
		return fault.Wrap(err, fault.Unavailable, "database_busy",
			"The database took too long over this. Try again in a few seconds.")
	case "25006": // read_only_sql_transaction: a standby that has not been promoted yet
		return unavailable(err)
	}
	switch class := pgErr.Code[:min(2, len(pgErr.Code))]; class {
	case "08", "53":
		// connection_exception, and insufficient_resources such as too_many_connections.
		return unavailable(err)
	case "57": // operator_intervention: shutting down, starting, crashed
		return unavailable(err)
	case "28", "3D": // refused while connecting: wrong password, no such database
		return unavailable(err)
	}
	return err
}

// connectionLost tells the ways in which pgx reports a connection that could not
// be had or broke. Some come as pgx's own types, others as the network's: a
// server that is killed shows as a plain unexpected end of file.
func connectionLost(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	for _, lost := range []error{
		pgconn.ErrConnClosed, puddle.ErrClosedPool, context.DeadlineExceeded,
		io.ErrUnexpectedEOF, net.ErrClosed, syscall.EPIPE, syscall.ECONNRESET,
	} {
		if errors.Is(err, lost) {
			return true
		}
	}
	return false
}
