#!/usr/bin/env bash
# Installs what the tests need beyond Go and Node, through apt where that is
# possible: Chromium for the browser tests, fonts for its pages, a C compiler
# for the race detector, other people's programs to compare ours with. Says
# plainly what is missing where it is not possible, and leaves it to the tests
# that need it to fail.
set -euo pipefail

missing=()
if [ -z "${CHROMIUM:-}" ] && ! command -v chromium >/dev/null; then
  missing+=(chromium)
fi
if ! command -v fc-list >/dev/null || ! fc-list | grep -qi liberation; then
  missing+=(fontconfig fonts-liberation)
fi
# Papers in Chinese and Japanese are printed to be read.
if ! command -v fc-list >/dev/null || [ -z "$(fc-list :lang=zh family)" ] || [ -z "$(fc-list :lang=ja family)" ]; then
  missing+=(fonts-droid-fallback)
fi
if ! command -v "${CC:-cc}" >/dev/null; then
  missing+=(gcc libc6-dev)
fi
for program in pdftotext:poppler-utils mutool:mupdf-tools qpdf:qpdf pandoc:pandoc bib2xml:bibutils pybtex:pybtex biber:biber; do
  command -v "${program%%:*}" >/dev/null || missing+=("${program##*:}")
done
[ ${#missing[@]} -gt 0 ] || exit 0

cannot() {
  echo "$1 The tests need: ${missing[*]}. Install them yourself, or name a Chromium in the variable CHROMIUM." >&2
  exit 0
}

command -v apt-get >/dev/null || cannot "This system has no apt-get."
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
    cannot "Packages can be installed by root only, and sudo would ask for a password."
  fi
  as_root=(sudo -n)
fi

echo "Installing ${missing[*]} with apt-get"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq </dev/null || cannot "apt-get update failed."
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null ||
  cannot "apt-get install failed."
