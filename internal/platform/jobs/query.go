package jobs

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Waiting says for which of these values of one argument a job of this kind
// will still run or is running.
func (c *Client) Waiting(ctx context.Context, kind, arg string, values []string) ([]string, error) {
	rows, err := c.pool.Query(ctx, `
		SELECT v FROM unnest($3::text[]) AS v
		WHERE EXISTS (
			SELECT FROM river_job
			WHERE kind = $1 AND args @> jsonb_build_object($2::text, v)
				AND state NOT IN ('cancelled', 'completed', 'discarded'))`,
		kind, arg, values)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("jobs: find waiting: %w", err))
	}
	waiting, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("jobs: find waiting: %w", err))
	}
	return waiting, nil
}

// RemoveArg removes one argument from a job, for what must not be kept longer
// than it is needed.
func (c *Client) RemoveArg(ctx context.Context, jobID int64, arg string) error {
	if _, err := c.pool.Exec(ctx, `UPDATE river_job SET args = args - $2::text WHERE id = $1`, jobID, arg); err != nil {
		return postgres.Fault(fmt.Errorf("jobs: remove argument: %w", err))
	}
	return nil
}
