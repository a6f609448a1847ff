package app

import (
	"context"
	"errors"

	"scrollkeeper.example/scrollkeeper/internal/guard"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/notify"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/sharing"
)

// sweepArgs is the hourly job that deletes rows which have run out: sessions
// counts of attempts, old mails and notifications, visits by links.
type sweepArgs struct{}

// Kind implements jobs.Args.
func (sweepArgs) Kind() string { return "sweep" }

type sweeper struct {
	people  *identity.Service
	guard   *guard.Service
	notify  *notify.Service
	sharing *sharing.Service
}

// Work implements jobs.Worker.
func (s *sweeper) Work(ctx context.Context, _ *jobs.Job[sweepArgs]) error {
	return errors.Join(s.people.Sweep(ctx), s.guard.Sweep(ctx), s.notify.Sweep(ctx), s.sharing.Sweep(ctx))
}
