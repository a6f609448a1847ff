#!/usr/bin/env bash
# Ends with a plain line for each program that is missing or too old.
set -euo pipefail
bad=0

say() {
  echo "$*" >&2
  bad=1
}

major_minor() { sed -E 's/^[^0-9]*([0-9]+)\.([0-9]+).*/\1 \2/'; }

at_least() { # have-major have-minor want-major want-minor
  [ "$1" -gt "$3" ] || { [ "$1" -eq "$3" ] && [ "$2" -ge "$4" ]; }
}

for program in "$@"; do
  if ! command -v "$program" >/dev/null; then
    case $program in
      go) say "Go is missing. Install Go 1.26 or later from https://go.dev/dl and run this again." ;;
      node | npm) say "Node.js is missing. Install Node.js 20.19 or later (with npm) from https://nodejs.org and run this again." ;;
      *) say "$program is missing. Install it and run this again." ;;
    esac
    continue
  fi
  case $program in
    go)
      # Outside the module, where no newer toolchain is fetched first. Go 1.21
      # and later fetch the one that go.mod names by themselves.
      read -r major minor < <(cd / && go env GOVERSION | major_minor)
      at_least "$major" "$minor" 1 21 || say "Go $major.$minor is too old. Install Go 1.26 or later from https://go.dev/dl."
      ;;
    node)
      read -r major minor < <(node --version | major_minor)
      at_least "$major" "$minor" 20 19 || say "Node.js $major.$minor is too old. Install 20.19 or later from https://nodejs.org."
      ;;
  esac
done
exit $bad
