#!/usr/bin/env bash
# Keeps the system small enough to be read: no long file, and no more lines in Sources than the budget allows.
set -euo pipefail
cd "$(dirname "$0")/.."
table=Scripts/size-budget.txt

limit() { sed -nE "s/^$1:[[:space:]]*([0-9]+).*/\1/p" "$table"; }
file_limit=$(limit file)
total_limit=$(limit total)
if [ -z "$file_limit" ] || [ -z "$total_limit" ]; then
  echo "$table: lines 'file: N' and 'total: N' expected"
  exit 1
fi

find Sources -type f \( -name '*.swift' -o -name '*.cpp' -o -name '*.c' -o -name '*.h' \) | LC_ALL=C sort \
  | xargs awk -v file_limit="$file_limit" -v total_limit="$total_limit" -v table="$table" '
    { lines[FILENAME]++; total++ }
    END {
      for (name in lines)
        if (lines[name] > file_limit) {
          printf "%s has %d lines, the limit is %d: divide it by subject\n", name, lines[name], file_limit
          failed = 1
        }
      if (total > total_limit) {
        printf "Sources has %d lines, the budget of %s is %d\n", total, table, total_limit
        failed = 1
      }
      exit failed
    }
  '
