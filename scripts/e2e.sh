#!/usr/bin/env bash
# Runs the browser tests in e2e/ against bin/scrollkeeper.
# Arguments go to Playwright: scripts/e2e.sh upload.spec.ts
set -euo pipefail
cd "$(dirname "$0")/../e2e"

export CHROMIUM=${CHROMIUM:-$(command -v chromium || true)}
if [ -z "$CHROMIUM" ]; then
  echo "The browser tests need Chromium: install the package chromium, or name a program in the variable CHROMIUM." >&2
  exit 1
fi
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  # The browser is the system's own.
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund
  touch node_modules/.package-lock.json
fi
../scripts/announce.sh "Browser tests"
npm run --silent check
exec npm run --silent test -- "$@"
