package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"scrollkeeper.example/scrollkeeper/internal/config"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// exitError is an error that has an exit code of its own. An empty message
// means that the command said everything already.
type exitError struct {
	code    int
	message string
}

func (e *exitError) Error() string { return e.message }

// errSomeFailed ends a command that reported each failed file as it came.
var errSomeFailed = &exitError{code: exitSomeFailed}

// usage makes an error of the command line, or of the configuration, one that
// says where to read more.
func usage(err error) error {
	var message string
	if wrong, ok := errors.AsType[*config.Error](err); ok {
		message = wrong.Error()
	} else {
		message = err.Error()
	}
	help := "scrollkeeper"
	if parse, ok := errors.AsType[*kong.ParseError](err); ok && parse.Context != nil {
		if selected := parse.Context.Selected(); selected != nil {
			help = selected.FullPath()
		}
		message = strings.TrimPrefix(message, strings.TrimPrefix(help, "scrollkeeper ")+": ")
	}
	if rest, missing := strings.CutPrefix(message, "expected "); missing {
		message = "something is missing: " + strings.ReplaceAll(rest, `"`, "")
	}
	if !strings.HasSuffix(message, "?") {
		message = strings.TrimRight(message, ".") + "."
	}
	return &exitError{code: exitUsage, message: fmt.Sprintf("%s\nRun \"%s --help\" for what it takes.", message, help)}
}

// report prints err for a person and gives the exit code.
func report(w io.Writer, err error) int {
	if err == nil {
		return exitDone
	}
	code := exitFailed
	if e, ok := errors.AsType[*exitError](err); ok {
		code = e.code
	}
	if message := explain(err); message != "" {
		_, _ = fmt.Fprintln(w, "scrollkeeper: "+message)
	}
	return code
}

// explain is err in plain words: what happened and what to do. A fault brings
// its own; a few errors of the system get theirs here.
func explain(err error) string {
	if f, ok := fault.As(err); ok {
		if f.Kind == fault.Internal {
			return err.Error()
		}
		return f.Message
	}
	switch {
	case errors.Is(err, syscall.EACCES):
		return err.Error() + ".\nThe user who runs Scrollkeeper may not do that. Change the rights of what is named here, or run it as another user."
	case errors.Is(err, syscall.ENOSPC):
		return err.Error() + ".\nThe disk is full. Free some space and try again."
	}
	return err.Error()
}
