#!/usr/bin/env bash
# Compares the table of Tests/Goldens/README.md with the scripts in the folder, both ways.
set -euo pipefail
cd "$(dirname "$0")/../Tests/Goldens"

listed=$(sed -nE 's/^\| `([^`]+\.py)` \|.*/\1/p' README.md | LC_ALL=C sort)
# What the scripts share makes nothing by itself.
present=$(printf '%s\n' *.py | grep -vxE 'golden(file|texts)\.py' | LC_ALL=C sort)

status=0
while IFS= read -r name; do
  printf 'Tests/Goldens/README.md lists %s, which is not there or is listed twice\n' "$name"
  status=1
done < <(LC_ALL=C comm -23 <(printf '%s\n' "$listed") <(printf '%s\n' "$present"))
while IFS= read -r name; do
  printf 'Tests/Goldens/README.md does not list %s\n' "$name"
  status=1
done < <(LC_ALL=C comm -13 <(printf '%s\n' "$listed") <(printf '%s\n' "$present"))
exit "$status"
