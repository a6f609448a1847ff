package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"golang.org/x/term"

	"scrollkeeper.example/scrollkeeper/internal/app"
	"scrollkeeper.example/scrollkeeper/internal/config"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/logging"
)

type userCommands struct {
	Create userCreateCommand `cmd:"" help:"Create an account. The first one operates the server."`
}

type tokenCommands struct {
	Create tokenCreateCommand `cmd:"" help:"Create an API token and print it."`
}

// onDataHelp is what commands that work on the data folder have in common.
const onDataHelp = `Works on the data folder (or --database-url) itself. It joins the PostgreSQL of a server that runs there, or starts it for the moment.`

type userCreateCommand struct {
	Email         string `required:"" help:"E-mail address to sign in with." placeholder:"ADDRESS"`
	Name          string `required:"" help:"Name that others see." placeholder:"NAME"`
	PasswordStdin bool   `help:"Read the password from standard input; without this, a terminal is asked."`
	operatorFlags
}

func (userCreateCommand) Help() string { return onDataHelp }

func (c *userCreateCommand) Run(ctx context.Context, env Env) error {
	password, err := readPassword(env, c.PasswordStdin)
	if err != nil {
		return err
	}
	return c.withApp(ctx, env, func(a *app.App) error {
		p, err := a.People.CreatePerson(ctx, identity.NewPerson{Email: c.Email, Name: c.Name, Password: password})
		if err != nil {
			return err
		}
		what := "an account"
		if p.IsOperator {
			what = "the owner's account"
		}
		_, err = fmt.Fprintf(env.Stdout, "Created %s for %s <%s>.\n", what, p.Name, p.Email)
		return err
	})
}

type tokenCreateCommand struct {
	Email string `required:"" help:"Whose token it is." placeholder:"ADDRESS"`
	Name  string `help:"What the token is for, shown in the list of tokens." default:"Command line" placeholder:"NAME"`
	operatorFlags
}

func (tokenCreateCommand) Help() string {
	return `Prints the token alone; it cannot be shown again. ` + onDataHelp
}

func (c *tokenCreateCommand) Run(ctx context.Context, env Env) error {
	return c.withApp(ctx, env, func(a *app.App) error {
		p, err := a.People.PersonByEmail(ctx, c.Email)
		if err != nil {
			return err
		}
		_, secret, err := a.People.CreateToken(ctx, p, c.Name)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(env.Stdout, secret)
		return err
	})
}

// operatorFlags are those of commands that work on the data itself.
type operatorFlags struct {
	config.Storage
	// Quieter than a server: only what needs attention.
	LogLevel string `help:"Least level that is written: debug, info, warn or error." env:"SCROLLKEEPER_LOG_LEVEL" default:"warn" enum:"debug,info,warn,error" group:"Logging" placeholder:"LEVEL"`
}

func (f operatorFlags) logger(w io.Writer) *slog.Logger {
	log := logging.New(w, logging.Text, config.Logging{LogLevel: f.LogLevel}.Level())
	slog.SetDefault(log)
	return log
}

// withApp runs fn with the parts of a process that has no role: it serves
// nothing and takes no job.
func (f operatorFlags) withApp(ctx context.Context, env Env, fn func(*app.App) error) (err error) {
	cfg, err := config.Load("--data", f.Data)
	if err != nil {
		return err
	}
	cfg.Storage, cfg.Roles = f.Storage, nil
	a, err := app.New(ctx, cfg, Version, f.logger(env.Stderr))
	if err != nil {
		return err
	}
	defer func() { a.Close(context.WithoutCancel(ctx)) }()
	return fn(a)
}

// readPassword reads one line of standard input, or asks a terminal twice.
func readPassword(env Env, fromStdin bool) (string, error) {
	if fromStdin {
		line, err := bufio.NewReader(io.LimitReader(env.Stdin, 4096)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	in, ok := env.Stdin.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return "", &exitError{code: exitUsage, message: "There is no terminal to ask for the password. Send it with:\n  scrollkeeper user create … --password-stdin < file"}
	}
	ask := func(prompt string) (string, error) {
		_, _ = io.WriteString(env.Stderr, prompt)
		b, err := term.ReadPassword(int(in.Fd()))
		_, _ = fmt.Fprintln(env.Stderr)
		return string(b), err
	}
	first, err := ask("Password: ")
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	second, err := ask("The same again: ")
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if first != second {
		return "", errors.New("the two passwords differ; nothing was created")
	}
	return first, nil
}
