package config

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// EnvPrefix begins every variable that is read.
const EnvPrefix = "SCROLLKEEPER_"

// maxFileBytes bounds a _FILE; a value is one line.
const maxFileBytes = 64 << 10

// FromFiles is the kong resolver for the _FILE form of every variable: where
// SCROLLKEEPER_X_FILE is set, the value is that file's content without the
// white space around it. Setting both forms is an error, since one of them
// would silently lose.
func FromFiles() kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		for _, name := range flag.Envs {
			path, ok := os.LookupEnv(name + "_FILE")
			if !ok || path == "" {
				continue
			}
			if _, both := os.LookupEnv(name); both {
				return nil, fmt.Errorf("both %s and %s_FILE are set; remove one of them", name, name)
			}
			value, err := readValue(path)
			if err != nil {
				return nil, fmt.Errorf("%s_FILE: %w", name, err)
			}
			return value, nil
		}
		return nil, nil
	})
}

func readValue(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Size() > maxFileBytes {
		return "", fmt.Errorf("%s is %d bytes; a value is at most %d", path, info.Size(), maxFileBytes)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(b)), nil
}

// Unknown lists the SCROLLKEEPER_ variables that are set but mean nothing to
// this grammar, sorted: most are misspelt, and would be ignored in silence.
func Unknown(app *kong.Application, environ []string) []string {
	known := map[string]bool{}
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			for _, name := range flag.Envs {
				known[name], known[name+"_FILE"] = true, true
			}
		}
		return next(nil)
	})
	var unknown []string
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, EnvPrefix) && !known[name] {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return unknown
}

// Load reads a whole configuration from flags and the environment. The
// commands parse it as part of their own grammar; this is for everybody else,
// such as tests: Load("--data", t.TempDir()).
func Load(flags ...string) (Config, error) {
	var c Config
	parser, err := kong.New(&c, kong.Name("scrollkeeper"), kong.Resolvers(FromFiles()), kong.Exit(func(int) {}))
	if err != nil {
		return Config{}, fmt.Errorf("grammar of the configuration: %w", err)
	}
	if _, err := parser.Parse(flags); err != nil {
		return Config{}, err
	}
	return c, nil
}
