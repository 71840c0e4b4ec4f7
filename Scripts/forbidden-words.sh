#!/usr/bin/env bash
# Names the places where sources have a word they must not have. Lines that are comments may name the first kind.
set -euo pipefail
cd "$(dirname "$0")/.."

folders=()
for folder in Sources Benchmarks Examples Snippets; do [ ! -d "$folder" ] || folders+=("$folder"); done

# files FOLDER… : their Swift, C and C++ files, without what was built.
files() {
  find "$@" -name .build -prune -o -type f \
    \( -name '*.swift' -o -name '*.cpp' -o -name '*.c' -o -name '*.h' \) -print0
}

status=0
# report REASON : prints the places it reads, each with the reason.
report() {
  local place
  while IFS= read -r place; do
    printf '%s\n        %s\n' "$place" "$1"
    status=1
  done
}

# An input must not be able to stop the program.
report "A trap that an input may reach: throw a Failure, or state a precondition." < <(
  files Sources | xargs -0 grep -nHE '(^|[^A-Za-z0-9_])(fatalError\(|try!|as!)|\.unsafelyUnwrapped' \
    | grep -vE '^[^:]+:[0-9]+:[[:space:]]*//' || true
)
report "Unfinished work belongs in an issue." < <(
  files "${folders[@]}" | xargs -0 grep -nHwE 'TODO|FIXME' || true
)
report "Tests see what is public or package; declare the seam 'package'." < <(
  files "${folders[@]}" Tests | xargs -0 grep -nHE '^[[:space:]]*@testable' || true
)
exit "$status"
