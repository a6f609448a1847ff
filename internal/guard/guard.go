// Package guard limits how often something may be tried. Counts stand in the
// database, so that every node sees the same ones and a restart forgets none.
package guard

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/guard/internal/guarddb"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Limit allows Attempts per Window; windows are fixed, counted from the epoch.
type Limit struct {
	Attempts int
	Window   time.Duration
}

// Service counts attempts.
type Service struct {
	pool  *pgxpool.Pool
	clock clock.Clock
	q     *guarddb.Queries
}

// New makes a Service.
func New(pool *pgxpool.Pool, c clock.Clock) *Service {
	return &Service{pool: pool, clock: c, q: guarddb.New()}
}

// Allow counts one attempt under key and fails with a fault of kind TooMany,
// code "too_many_attempts", once the limit is passed in the present window.
func (s *Service) Allow(ctx context.Context, key string, limit Limit) error {
	now := s.clock.Now()
	start := now.Truncate(limit.Window)
	n, err := s.q.Count(ctx, s.pool, key, start)
	if err != nil {
		return postgres.Fault(fmt.Errorf("count attempts: %w", err))
	}
	if int(n) <= limit.Attempts {
		return nil
	}
	wait := start.Add(limit.Window).Sub(now)
	seconds := int(wait/time.Second) + 1
	return fault.New(fault.TooMany, "too_many_attempts",
		fmt.Sprintf("Too many attempts. Wait %s and try again.", inWords(seconds))).With("retry_after", seconds)
}

// Forget clears what was counted under key, after a success.
func (s *Service) Forget(ctx context.Context, key string) error {
	if err := s.q.Forget(ctx, s.pool, key); err != nil {
		return postgres.Fault(fmt.Errorf("forget attempts: %w", err))
	}
	return nil
}

// Sweep deletes windows that ended more than a day ago.
func (s *Service) Sweep(ctx context.Context) error {
	if _, err := s.q.DeleteOld(ctx, s.pool, s.clock.Now().Add(-24*time.Hour)); err != nil {
		return postgres.Fault(fmt.Errorf("sweep attempts: %w", err))
	}
	return nil
}

func inWords(seconds int) string {
	if seconds < 90 {
		return fmt.Sprintf("%d seconds", seconds)
	}
	return fmt.Sprintf("%d minutes", (seconds+59)/60)
}
