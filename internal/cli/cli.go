package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"scrollkeeper.example/scrollkeeper/internal/config"
	"scrollkeeper.example/scrollkeeper/internal/extract"
)

// Exit codes, see the package comment.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitSomeFailed  = 3
	exitInterrupted = 130
)

// Env is what a command may touch of the process it runs in.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// grammar is the whole command line.
type grammar struct {
	Serve   serveCommand   `cmd:"" help:"Run the server."`
	Worker  workerCommand  `cmd:"" help:"Run background jobs for a server that runs elsewhere."`
	Import  importCommand  `cmd:"" help:"Upload PDFs and folders of PDFs to a server."`
	Search  searchCommand  `cmd:"" help:"Search the papers on a server."`
	Parse   parseCommand   `cmd:"" help:"Read PDFs here and print what is in them, without a server."`
	User    userCommands   `cmd:"" help:"Manage accounts."`
	Token   tokenCommands  `cmd:"" help:"Manage API tokens."`
	Reparse reparseCommand `cmd:"" help:"Read papers again that an older version read."`
	Migrate migrateCommand `cmd:"" help:"Bring the database up to this version."`
	Verify  verifyCommand  `cmd:"" help:"Check that nothing is missing, doubled or damaged. Changes nothing."`
	Doctor  doctorCommand  `cmd:"" help:"Check this machine and configuration, and say what to mend."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// Main runs the process's command and returns its exit code.
func Main() int {
	// How the server starts its parsing processes is no part of the grammar: it
	// takes nothing from a person, and a child should not spend its first
	// milliseconds on a command line.
	if len(os.Args) == 2 && os.Args[1] == extract.ChildCommand {
		return extract.ChildMain()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first signal asks everything to end in good order. From then on
	// signals have their usual effect, so a second one ends the process at once.
	context.AfterFunc(ctx, stop)
	return Run(ctx, Env{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}, os.Args[1:])
}

// exited is how kong's request to exit leaves the parser without ending the process.
type exited int

// Run runs the command that args name and returns its exit code.
func Run(ctx context.Context, env Env, args []string) (code int) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case exited:
			code = int(v)
		default:
			panic(v)
		}
	}()
	parser, err := newParser(env)
	if err != nil {
		_, _ = fmt.Fprintln(env.Stderr, err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if err != nil {
		return report(env.Stderr, usage(err))
	}
	for _, name := range config.Unknown(parser.Model, os.Environ()) {
		_, _ = fmt.Fprintf(env.Stderr, "scrollkeeper: the variable %s means nothing here; is it misspelt?\n", name)
	}
	command.BindTo(ctx, (*context.Context)(nil))
	command.Bind(env)
	err = command.Run()
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return exitInterrupted
	}
	return report(env.Stderr, err)
}

func newParser(env Env) (*kong.Kong, error) {
	return kong.New(&grammar{},
		kong.Name("scrollkeeper"),
		kong.Description("A shared library for papers: upload, read and search PDFs together.\n\n"+
			"Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 some files failed, 130 interrupted."),
		kong.Writers(env.Stdout, env.Stderr),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.Resolvers(config.FromFiles()),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 100, NoAppDescFormat: true}),
		kong.ValueFormatter(describe),
	)
}

// describe is a flag's help with its default and its variable.
func describe(v *kong.Value) string {
	var notes []string
	if v.HasDefault && v.Default != "" && !v.IsBool() {
		notes = append(notes, "default "+v.Default)
	}
	for _, name := range v.Tag.Envs {
		notes = append(notes, "$"+name)
	}
	if len(notes) == 0 {
		return v.Help
	}
	return v.Help + " (" + strings.Join(notes, ", ") + ")"
}
