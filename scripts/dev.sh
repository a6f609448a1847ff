#!/usr/bin/env bash
# The server and Vite together, each following changes to its files. Open the
# address that Vite prints. Data is kept in .dev/data; remove it to begin anew.
set -euo pipefail
cd "$(dirname "$0")/.."

email=dev@example.org
password=scrollkeeper
listen=127.0.0.1:8080
binary=.dev/scrollkeeper
export SCROLLKEEPER_DATA=$PWD/.dev/data
mkdir -p .dev

compile() { go build -buildvcs=false -o "$binary" ./cmd/scrollkeeper; }

server=
vite=
stop() {
  trap - EXIT INT TERM
  for pid in $server $vite; do kill "$pid" 2>/dev/null || true; done
  wait
}
trap stop EXIT
trap 'exit 0' INT TERM

start() {
  "$binary" serve --listen "$listen" --log-level debug </dev/null >/dev/null 2>.dev/server.log &
  server=$!
}

compile
if [ ! -d "$SCROLLKEEPER_DATA" ]; then
  echo "$password" | "$binary" user create --email "$email" --name "Dev" --password-stdin
fi
start
(cd web && exec npx --no-install vite </dev/null) &
vite=$!
echo "Sign in as $email with the password $password. The server's log: .dev/server.log"

# Built anew when a Go, SQL or module file is newer than the binary.
while kill -0 "$vite" 2>/dev/null; do
  sleep 1
  changed=$(find cmd internal migrations go.mod -newer "$binary" \( -name '*.go' -o -name '*.sql' -o -name go.mod \) ! -name '*_test.go' -print -quit)
  [ -n "$changed" ] || continue
  echo "Changed: $changed"
  if compile; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    start
  else
    touch "$binary" # Wait for the next change.
  fi
done
