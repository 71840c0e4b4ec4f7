#!/usr/bin/env bash
# `Scripts/format.sh` formats every Swift file in place; `Scripts/format.sh lint` changes nothing and names what is
# not formatted or breaks a rule of .swift-format.
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-format}" in
  lint) command=(lint --strict) ;;
  format) command=(format --in-place) ;;
  *)
    echo "error: format.sh: nothing or 'lint' expected, found '$1'." >&2
    exit 1
    ;;
esac

folders=(Package.swift)
for folder in Sources Tests Benchmarks Examples Snippets; do [ ! -d "$folder" ] || folders+=("$folder"); done
find "${folders[@]}" -name .build -prune -o -name '*.swift' -type f -print0 \
  | xargs -0 swift format "${command[@]}" --parallel
