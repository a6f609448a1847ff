#!/usr/bin/env bash
# Prints the path of a development tool, building it first where this version
# was not built before. Tools are kept outside the clone, by version:
#   tool.sh sqlc | golangci-lint
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/scrollkeeper-tools
name=${1:?usage: tool.sh sqlc | golangci-lint}

case $name in
  sqlc)
    # Its version is that of tools/go.mod.
    package=github.com/sqlc-dev/sqlc/cmd/sqlc
    version=$(cd "$root/tools" && GOFLAGS=-mod=mod go list -m -f '{{.Version}}' github.com/sqlc-dev/sqlc)
    ;;
  golangci-lint)
    package=github.com/golangci/golangci-lint/v2/cmd/golangci-lint
    version=v2.15.0
    ;;
  *)
    echo "tool.sh: there is no tool $name" >&2
    exit 2
    ;;
esac

# A tool for another Go would not know this one's files.
folder=$cache/$name-$version-$(go env GOVERSION)
binary=$folder/$name
if [ ! -x "$binary" ]; then
  mkdir -p "$folder"
  # Two clones that need it at once: one builds, the other waits.
  if command -v flock >/dev/null; then
    exec 9>"$folder/lock"
    flock 9
  fi
fi
if [ ! -x "$binary" ]; then
  echo "Building $name $version, once for this version; this takes some minutes." >&2
  building=$(mktemp -d "$folder/building.XXXXXX")
  trap 'rm -rf "$building"' EXIT
  if [ "$name" = sqlc ]; then
    CGO_ENABLED=1 go build -C "$root/tools" -o "$building/$name" "$package" >&2
  else
    (cd / && GOBIN=$building GOFLAGS= go install "$package@$version") >&2
  fi
  mv "$building/$name" "$binary"
fi
echo "$binary"
