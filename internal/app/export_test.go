package app

import (
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// Pool is the database, for tests that put it into a state.
func (a *App) Pool() *pgxpool.Pool { return a.db.Pool }

// LinkPage is what the page of a link has in its head.
func (a *App) LinkPage(r *http.Request) httpapi.Head { return a.sharing.Page(r, a.originOf(r)) }
