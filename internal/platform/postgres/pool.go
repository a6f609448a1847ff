package postgres

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

const (
	// connectTimeout bounds one attempt to connect.
	connectTimeout = 2 * time.Second

	// acquireTimeout bounds the wait for a connection, whether the pool is
	// empty, connecting, or finding out one by one that its connections are dead.
	acquireTimeout = 4 * time.Second

	// deadPeerTimeout is how long sent data may stay unacknowledged before an
	// outside database counts as gone. The kernel's own default is 15 minutes.
	deadPeerTimeout = 5 * time.Second

	defaultMaxConns         = 16
	defaultStatementTimeout = 30 * time.Second
)

// PoolConfig tunes a pool. The zero value suits one node.
type PoolConfig struct {
	// MaxConns is the most connections held at once. 0 means 16.
	MaxConns int
	// StatementTimeout ends a statement that runs longer. 0 means 30 s, negative means never.
	StatementTimeout time.Duration
	// ApplicationName is shown in pg_stat_activity. Empty means "scrollkeeper".
	ApplicationName string
}

// NewPool makes a pool of connections to the database at url and connects once,
// so that a wrong address shows at once. It returns a fault of kind Invalid and
// code "database_url_invalid" for an address that cannot be read, and what Fault
// makes of a failed connection.
//
// A setting in the address (statement_timeout, application_name, pool_max_conns)
// wins over cfg.
func NewPool(ctx context.Context, url string, cfg PoolConfig) (*pgxpool.Pool, error) {
	pc, err := poolConfig(url, cfg)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, Fault(fmt.Errorf("connect to the database: %w", err))
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, Fault(fmt.Errorf("connect to the database: %w", err))
	}
	return pool, nil
}

func poolConfig(url string, cfg PoolConfig) (*pgxpool.Config, error) {
	pc, err := pgxpool.ParseConfig(url)
	if err != nil {
		// pgx leaves the password out of its message.
		return nil, fault.Wrap(err, fault.Invalid, "database_url_invalid",
			"The database address cannot be read. It looks like postgres://user:password@host:5432/name.")
	}

	set := func(name, value string) {
		if _, given := pc.ConnConfig.RuntimeParams[name]; !given {
			pc.ConnConfig.RuntimeParams[name] = value
		}
	}
	if cfg.ApplicationName == "" {
		cfg.ApplicationName = "scrollkeeper"
	}
	set("application_name", cfg.ApplicationName)
	switch {
	case cfg.StatementTimeout == 0:
		cfg.StatementTimeout = defaultStatementTimeout
	case cfg.StatementTimeout < 0:
		cfg.StatementTimeout = 0
	}
	set("statement_timeout", strconv.FormatInt(cfg.StatementTimeout.Milliseconds(), 10))
	// A transaction left open by a fault of ours holds locks and stops vacuum.
	set("idle_in_transaction_session_timeout", "60000")
	set("timezone", "UTC")

	pc.ConnConfig.ConnectTimeout = connectTimeout
	dialer := &net.Dialer{
		Timeout:   connectTimeout,
		KeepAlive: deadPeerTimeout,
		Control:   limitUnacknowledged,
	}
	pc.ConnConfig.DialFunc = dialer.DialContext

	if cfg.MaxConns == 0 {
		cfg.MaxConns = defaultMaxConns
	}
	if !strings.Contains(url, "pool_max_conns=") {
		pc.MaxConns = int32(cfg.MaxConns)
	}
	pc.MinIdleConns = min(2, pc.MaxConns)
	pc.MaxConnIdleTime = 5 * time.Minute
	pc.HealthCheckPeriod = 30 * time.Second
	// A connection idle for a second is pinged before use; one that does not
	// answer is thrown away instead of costing the request its time.
	pc.PingTimeout = connectTimeout
	pc.ConnConfig.Tracer = acquireLimit(acquireTimeout)
	return pc, nil
}

// acquireLimit gives every wait for a connection a deadline. pgxpool has no
// setting for it; its tracer may replace the context of an acquisition, and the
// connection that comes out does not depend on that context.
type acquireLimit time.Duration

type acquireCancel struct{}

var _ pgxpool.AcquireTracer = acquireLimit(0)

// TraceAcquireStart implements pgxpool.AcquireTracer.
func (l acquireLimit) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(l))
	return context.WithValue(ctx, acquireCancel{}, cancel)
}

// TraceAcquireEnd implements pgxpool.AcquireTracer.
func (acquireLimit) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireEndData) {
	if cancel, ok := ctx.Value(acquireCancel{}).(context.CancelFunc); ok {
		cancel()
	}
}

// TraceQueryStart implements pgx.QueryTracer, which every tracer must.
func (acquireLimit) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (acquireLimit) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
