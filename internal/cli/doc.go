// Package cli is the command line of Scrollkeeper: the grammar, what each
// command prints, and its exit code. What a command does lives elsewhere:
// the server in internal/app, checks in internal/operate, PDFs in
// internal/extract. `import` and `search` are clients of the HTTP API.
//
// Exit codes are the same everywhere:
//
//	0    done
//	1    failed; standard error says why and what to do
//	2    the command line or the configuration is wrong; nothing was done
//	3    some of several files failed; the output says which and why
//	130  interrupted
//
// Results go to standard output, everything else to standard error.
package cli
