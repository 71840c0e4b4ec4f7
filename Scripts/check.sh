#!/usr/bin/env bash
# Everything about the sources that can be checked without running them. One line a check: `ok` or what failed, with
# the places below it. All checks run; the exit status is 1 when any failed. Each script also runs alone.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

output=$(mktemp)
trap 'rm -f "$output"' EXIT
failures=0

check() {
  local title=$1 start=$SECONDS
  shift
  if "$@" >"$output" 2>&1; then
    printf 'ok      %s (%d s)\n' "$title" $((SECONDS - start))
  else
    failures=$((failures + 1))
    printf 'FAILED  %s (%d s)\n' "$title" $((SECONDS - start))
    head -n 40 "$output" | sed 's/^/        /'
    local lines
    lines=$(wc -l <"$output")
    [ "$lines" -le 40 ] || printf '        and %d more lines: %s\n' $((lines - 40)) "$*"
  fi
}

check "scripts are well formed" Scripts/syntax.sh
check "no forbidden words" Scripts/forbidden-words.sh
check "imports follow the table" Scripts/imports.sh
check "the goldens' scripts are listed" Scripts/goldens.sh
check "sizes are within the budget" Scripts/size-budget.sh
check "format" Scripts/format.sh lint
check "no warnings, no undeclared imports" Scripts/strict-build.sh .
for package in Benchmarks Examples; do
  [ ! -f "$package/Package.swift" ] || check "no warnings in $package" Scripts/strict-build.sh "$package"
done

if [ "$failures" -gt 0 ]; then
  printf '%d of the checks failed\n' "$failures"
  exit 1
fi
