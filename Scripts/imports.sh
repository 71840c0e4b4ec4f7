#!/usr/bin/env bash
# Checks every import in Sources against the table in Scripts/imports.txt. The compiler alone cannot: it also finds
# modules that a dependency depends on, and the package manager's own check allows them.
set -euo pipefail
cd "$(dirname "$0")/.."
table=Scripts/imports.txt

targets=$(find Sources -mindepth 1 -maxdepth 1 -type d | sed 's:^Sources/::' | LC_ALL=C sort | tr '\n' ' ')
find Sources -type f -name '*.swift' | LC_ALL=C sort | xargs awk -v targets="$targets" -v table="$table" '
  BEGIN {
    while ((getline line < table) > 0) {
      sub(/#.*/, "", line)
      if (line !~ /:/) continue
      name = line
      sub(/:.*/, "", name)
      sub(/^[^:]*:/, "", line)
      isListed[name] = 1
      count = split(line, words, " ")
      for (i = 1; i <= count; i++) isAllowed[name, words[i]] = 1
    }
    count = split(targets, words, " ")
    for (i = 1; i <= count; i++) {
      isTarget[words[i]] = 1
      if (!(words[i] in isListed)) problem("Sources/" words[i] " is not in " table)
    }
    for (name in isListed)
      if (name != "everywhere" && !(name in isTarget)) problem(table ": there is no Sources/" name)
  }
  function problem(text) {
    print text
    failed = 1
  }
  /^[ \t]*(@[A-Za-z_]+(\([A-Za-z]*\))?[ \t]+)*((public|package|internal|fileprivate|private)[ \t]+)?import[ \t]/ {
    split(FILENAME, path, "/")
    module = $0
    sub(/^.*import[ \t]+((struct|class|enum|protocol|func|var|let|typealias)[ \t]+)?/, "", module)
    sub(/[^A-Za-z0-9_].*/, "", module)
    if (!((path[2], module) in isAllowed) && !(("everywhere", module) in isAllowed))
      problem(FILENAME ":" FNR ": " path[2] " may not import " module " (" table ")")
  }
  END { exit failed }
'
