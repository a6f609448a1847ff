#!/usr/bin/env bash
# Runs every benchmark under bench/, each of which prints its figure beside that
# of its peer. A folder with a main.go is a program, one with tests holds Go
# benchmarks. Names choose some: scripts/bench.sh upload search
# PAPERS is a folder of PDFs for those that read some.
set -euo pipefail
cd "$(dirname "$0")/.."

papers=${PAPERS:-../shared/corpus/papers}
# The project may stand in a folder of its own beside them.
[ -n "${PAPERS:-}" ] || [ -d "$papers" ] || papers=../../shared/corpus/papers
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for folder in bench/*/; do names+=("$(basename "$folder")"); done
fi

for name in "${names[@]}"; do
  scripts/announce.sh "Benchmark: $name"
  case $name in
    extract)
      if compgen -G "$papers/*.pdf" >/dev/null; then
        go run ./bench/extract
      else
        echo "Left out: there are no PDFs in $papers. Name a folder of some in the variable PAPERS." >&2
      fi
      ;;
    reading | crowd)
      # It needs a browser: see e2e/bench.
      (cd e2e && npx playwright test -c bench.config.ts "$name.bench")
      ;;
    anchoring)
      go test ./bench/anchoring -v -measure -bench . -benchtime 5x -timeout 30m
      ;;
    search)
      go test ./bench/search -run '^$' -bench . -benchtime 1x -timeout 60m
      ;;
    *)
      if [ -e "bench/$name/main.go" ]; then
        go run "./bench/$name"
      else
        go test "./bench/$name" -run '^$' -bench . -benchtime 100x -timeout 30m
      fi
      ;;
  esac
done
