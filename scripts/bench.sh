#!/usr/bin/env bash
# Runs every benchmark under bench/: each folder has a run.sh, which prints its
# figure beside that of its peer and the ratio. One alone: bench/NAME/run.sh
set -euo pipefail
cd "$(dirname "$0")/.."

found=0
for run in bench/*/run.sh; do
  [ -x "$run" ] || continue
  found=1
  scripts/announce.sh "Benchmark: $(basename "$(dirname "$run")")"
  "$run"
done
if [ "$found" = 0 ]; then
  echo "There is no bench/*/run.sh to run." >&2
  exit 1
fi
