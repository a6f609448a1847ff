package cli

import (
	"context"
	"fmt"
	"log/slog"

	"scrollkeeper.example/scrollkeeper/internal/app"
	"scrollkeeper.example/scrollkeeper/internal/config"
	"scrollkeeper.example/scrollkeeper/internal/platform/logging"
)

type serveCommand struct {
	config.Config
}

func (serveCommand) Help() string {
	return `Needs nothing: without a configuration it keeps everything in ./scrollkeeper-data, starts its own PostgreSQL there and answers on http://127.0.0.1:8080. On the first start it prints a link by which you create the owner's account.

Ctrl-C stops it in good order; a second Ctrl-C stops it at once, and nothing that was acknowledged is lost either way.

Each variable has a second form with _FILE at its end, which names a file that holds the value.`
}

func (c *serveCommand) Run(ctx context.Context, env Env) error {
	return runServer(ctx, env, c.Config)
}

type workerCommand struct {
	config.Storage
	config.Logging
	config.Links
	config.Work
	config.Mail
}

func (workerCommand) Help() string {
	return `Takes jobs from the database that the servers use, so it needs --database-url, and the same files: --data on a disk that all of them share. It sends the mail too: give it --public-url and --smtp-url like the servers.`
}

func (c *workerCommand) Run(ctx context.Context, env Env) error {
	if c.DatabaseURL == "" {
		return &exitError{code: exitUsage, message: "A worker needs the database of a server: give --database-url. (A server without one has a worker inside.)"}
	}
	// The rest are defaults of a role that this process does not have.
	cfg, err := config.Load("--data", c.Data)
	if err != nil {
		return err
	}
	cfg.Storage, cfg.Logging, cfg.Work, cfg.Mail, cfg.Roles = c.Storage, c.Logging, c.Work, c.Mail, []string{config.RoleWorker}
	cfg.Links = c.Links
	if err := cfg.Validate(); err != nil {
		return err
	}
	return runServer(ctx, env, cfg)
}

func runServer(ctx context.Context, env Env, cfg config.Config) error {
	log := logging.New(env.Stderr, logging.Format(cfg.LogFormat), cfg.Level())
	slog.SetDefault(log)
	stopping := context.AfterFunc(ctx, func() {
		_, _ = fmt.Fprintln(env.Stderr, "Stopping. Press Ctrl-C again to stop at once.")
	})
	defer stopping()
	a, err := app.New(ctx, cfg, Version, log)
	if err != nil {
		return err
	}
	defer a.Close(context.WithoutCancel(ctx))
	return a.Run(ctx, func(s app.Started) { _, _ = fmt.Fprint(env.Stdout, greeting(s)) })
}

// greeting is what a person sees once the server answers.
func greeting(s app.Started) string {
	text := fmt.Sprintf("\nScrollkeeper %s answers on %s\n", Version, s.Origin)
	if s.SetupURL != "" {
		text += fmt.Sprintf("\nNobody has an account yet. Create the owner's with this link, which works once:\n\n  %s\n", s.SetupURL)
	}
	return text + "\nStop it with Ctrl-C.\n\n"
}
