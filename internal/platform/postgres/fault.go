package postgres

import (
	"context"
	"errors"
	"io"
	"net"

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
// be had or broke. An end of file or a network error counts only where it comes
// from pgx: one out of an upload's body or an object store is not the database's.
func connectionLost(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, puddle.ErrClosedPool) ||
		errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	// The types of pgx's own errors are unexported; this method marks them.
	var fromPgx interface{ SafeToRetry() bool }
	if !errors.As(err, &fromPgx) {
		return false
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}
