#!/usr/bin/env bash
# Parses every shell script with bash and, where there is a python3, every Python file; runs none of them.
set -euo pipefail
cd "$(dirname "$0")/.."

folders=()
for folder in Scripts .ci Benchmarks Examples Snippets Tests; do [ ! -d "$folder" ] || folders+=("$folder"); done

status=0
while IFS= read -r -d '' script; do
  bash -n "$script" || status=1
  if [ ! -x "$script" ]; then
    printf '%s is not executable: chmod +x\n' "$script"
    status=1
  fi
done < <(find "${folders[@]}" -name .build -prune -o -type f \( -name '*.sh' -o -path '.ci/*' \) -print0)

if command -v python3 >/dev/null 2>&1; then
  # Compiled in memory: nothing is written beside the files.
  find "${folders[@]}" -name .build -prune -o -type f -name '*.py' -print0 | xargs -0 python3 -c '
import sys
failed = False
for path in sys.argv[1:]:
    try:
        compile(open(path, encoding="utf-8").read(), path, "exec")
    except (SyntaxError, ValueError) as error:
        failed = True
        print(path, error, sep=": ")
sys.exit(failed)
' || status=1
fi
exit "$status"
