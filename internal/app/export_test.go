package app

import "github.com/jackc/pgx/v5/pgxpool"

// Pool is the database, for tests that put it into a state.
func (a *App) Pool() *pgxpool.Pool { return a.db.Pool }
