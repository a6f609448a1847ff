#!/usr/bin/env bash
# Writes every generated file anew, in the order of who needs whom.
set -euo pipefail
cd "$(dirname "$0")/.."

"$(scripts/tool.sh sqlc)" generate

# Golden files are written by the tests that compare them.
grep -rl --include='*_test.go' 'flag.Bool("update"' internal | xargs -n1 dirname | sort -u |
  while read -r folder; do
    go test "./$folder" -count=1 -update >/dev/null </dev/null || {
      echo "The tests of $folder failed while they wrote their golden files; run: go test ./$folder" >&2
      exit 1
    }
  done

cd web && npm run --silent gen
