// Package config is everything that can be set about a running Scrollkeeper:
// one commented struct, from which flags, environment variables, help texts
// and docs/config.md are made, and one loader. Nothing is needed by default.
//
// A value comes from the first of: the flag (--parse-jobs 2), the variable
// (SCROLLKEEPER_PARSE_JOBS=2), the file that a variable names
// (SCROLLKEEPER_PARSE_JOBS_FILE=/run/secrets/jobs), the default.
package config
