"""Ids of a megabyte of each kind of text by MarianMT's tokenizers, both sides, as transformers reads them from the folder
pretrained-translators/marian; writes digests to marian-tokenizers.json.

Run: ENSUE_DATA=… python3 Tests/Goldens/marian-tokenizers.py       needs: transformers, sentencepiece, xxhash

By size (20,000 bytes too, for tests that are not optimised) and text two digests of ids without </s>: of the source's
tokenizer and of the target's, a line at a time. A line that begins with >> is left out: transformers takes its beginning
for the mark of a language even where the vocabulary has none.
"""

import json
from pathlib import Path

import transformers

from goldentexts import beginning, digest, generated, read, special

here = Path(__file__).parent
tokenizer = transformers.MarianTokenizer.from_pretrained(here / "pretrained-translators/marian")


def ids(text, isTarget):
    (tokenizer._switch_to_target_mode if isTarget else tokenizer._switch_to_input_mode)()
    return [
        id for line in text.split("\n") if not line.startswith(">>")
        for id in tokenizer.convert_tokens_to_ids(tokenizer.tokenize(line))]


def digests(size):
    texts = {name: build(size) for name, build in (generated | {"special": special}).items()}
    texts |= {name: beginning(path, size) for name, path in read.items()}
    return {name: [digest(ids(text, isTarget)) for isTarget in (False, True)] for name, text in texts.items()}


output = Path(__file__).with_suffix(".json")
found = {str(size): digests(size) for size in (20_000, 1_000_000)}
library = f"transformers {transformers.__version__}"
output.write_text(json.dumps({"library": library, "digests": found}, indent=1) + "\n")
print(f"{output.name}: {output.stat().st_size} bytes")
