package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/config"
	"scrollkeeper.example/scrollkeeper/internal/operate"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob/disk"
	"scrollkeeper.example/scrollkeeper/internal/platform/logging"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// openDatabase joins the database of the data folder, or starts it.
func (f operatorFlags) openDatabase(ctx context.Context, env Env) (*postgres.Database, error) {
	return postgres.Open(ctx, postgres.Config{
		URL: f.DatabaseURL, DataDir: f.Data, BinDir: f.PostgresBin, Logger: f.logger(env.Stderr), Join: true,
	})
}

type migrateCommand struct {
	operatorFlags
}

func (migrateCommand) Help() string {
	return `A server does this by itself when it starts. Processes that migrate at once take turns; one that was interrupted is done again. ` + onDataHelp
}

func (c *migrateCommand) Run(ctx context.Context, env Env) error {
	db, err := c.openDatabase(ctx, env)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close(context.WithoutCancel(ctx)) }()
	before, err := postgres.MigrationStatus(ctx, db.Pool)
	if err != nil {
		return err
	}
	if err := postgres.Migrate(ctx, db.Pool); err != nil {
		return err
	}
	text := "The database is up to date; nothing was to be done."
	if !before.Current() {
		text = fmt.Sprintf("The database is up to date; %s done.", plural(len(before.Pending)+len(before.PendingJobs), "migration"))
	}
	_, err = fmt.Fprintln(env.Stdout, text)
	return err
}

type verifyCommand struct {
	Quick bool `help:"Leave out the checksums, which read every byte."`
	JSON  bool `name:"json" help:"Print the report as JSON."`
	operatorFlags
}

func (verifyCommand) Help() string {
	return `Compares the database with the files and with itself: every upload that was acknowledged is there with its checksum, every parse result is whole, every change is in the log. It may run beside a server at work. Exit code 1 when something is wrong. ` + onDataHelp
}

// errNotWhole ends verify and doctor when they said what is wrong.
var errNotWhole = &exitError{code: exitFailed}

func (c *verifyCommand) Run(ctx context.Context, env Env) error {
	if c.DatabaseURL == "" && !operate.HasData(c.Storage) {
		return fmt.Errorf("there is no Scrollkeeper data in %s; name the folder with --data", c.Data)
	}
	db, err := c.openDatabase(ctx, env)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close(context.WithoutCancel(ctx)) }()
	state, err := postgres.MigrationStatus(ctx, db.Pool)
	if err != nil {
		return err
	}
	if !state.Current() {
		return errors.New("the database is older than this version; run scrollkeeper migrate first")
	}
	blobs, err := disk.Open(filepath.Join(c.Data, "blobs"))
	if err != nil {
		return err
	}
	v := operate.Verification{Pool: db.Pool, Blobs: blobs, Quick: c.Quick, Now: time.Now()}
	if !c.JSON {
		v.OnCheck = func(check operate.Check) { printCheck(env, check) }
	}
	report, err := operate.Verify(ctx, v)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := writeJSONLine(env.Stdout, report); err != nil {
			return err
		}
	} else if report.OK {
		_, _ = fmt.Fprintf(env.Stdout, "All is well (%.1f s).\n", report.Seconds)
	} else {
		_, _ = fmt.Fprintf(env.Stdout, "Something is wrong, see above (%.1f s).\n", report.Seconds)
	}
	if !report.OK {
		return errNotWhole
	}
	return nil
}

func printCheck(env Env, check operate.Check) {
	mark := "ok    "
	counts := fmt.Sprintf("%d looked at", check.Looked)
	switch {
	case check.Skipped != "":
		mark, counts = "-     ", check.Skipped
	case check.Bad > 0:
		mark, counts = "WRONG ", fmt.Sprintf("%d wrong of %d", check.Bad, check.Looked)
	}
	_, _ = fmt.Fprintf(env.Stdout, "%s %s (%s)\n", mark, check.Holds, counts)
	for _, example := range check.Examples {
		_, _ = fmt.Fprintf(env.Stdout, "       %s\n", example)
	}
	if more := check.Bad - int64(len(check.Examples)); more > 0 && check.Bad > 0 {
		_, _ = fmt.Fprintf(env.Stdout, "       and %d more\n", more)
	}
}

type doctorCommand struct {
	JSON bool `name:"json" help:"Print one JSON object per line."`
	config.Config
}

func (doctorCommand) Help() string {
	return `Takes the same flags and variables as serve and looks at what they name: the data folder, disk, memory, limits, database, address, and whether a PDF can be read. Exit code 1 when something would keep the server from working.`
}

func (c *doctorCommand) Run(ctx context.Context, env Env) error {
	// What goes wrong is said once, in the examination.
	log := logging.New(env.Stderr, logging.Format(c.LogFormat), slog.LevelError+1)
	broken := false
	operate.Examine(ctx, c.Config, log, func(e operate.Examination) {
		broken = broken || e.Verdict == operate.Broken
		if c.JSON {
			_ = writeJSONLine(env.Stdout, e)
			return
		}
		_, _ = fmt.Fprintf(env.Stdout, "%-8s %s: %s\n", e.Verdict, e.Name, e.Found)
		if e.Advice != "" {
			_, _ = fmt.Fprintf(env.Stdout, "         %s\n", e.Advice)
		}
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if broken {
		return errNotWhole
	}
	return nil
}
