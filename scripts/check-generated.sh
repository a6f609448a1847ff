#!/usr/bin/env bash
# Fails when a generated file is not what its source gives. What Go itself
# generates (OpenAPI, docs/config.md, help texts) is checked by Go tests.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "$1 Run: make gen" >&2
  exit 1
}

"$(scripts/tool.sh sqlc)" diff || fail "The Go code of some queries.sql is stale."

fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
(cd web && npx --no-install openapi-typescript ../api/openapi.yaml -o "$fresh" >/dev/null)
cmp -s "$fresh" web/src/api/schema.gen.ts || fail "web/src/api/schema.gen.ts is stale."
