package cli

import (
	"fmt"
	"runtime"
)

// Version is this build's, as `git describe` gives it; the Makefile sets it
// when linking.
var Version = "dev"

type versionCommand struct{}

func (versionCommand) Run(env Env) error {
	_, err := fmt.Fprintf(env.Stdout, "scrollkeeper %s (%s, %s/%s)\n", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
