// Scrollkeeper is a shared library for papers. See internal/cli for its
// commands and internal/app for what `serve` is made of.
package main

import (
	"os"

	"scrollkeeper.example/scrollkeeper/internal/cli"
)

func main() { os.Exit(cli.Main()) }
