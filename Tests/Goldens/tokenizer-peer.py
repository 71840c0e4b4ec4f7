"""Opens a tokenizer.json that Ensue wrote with Hugging Face's tokenizers, and prints the ids of texts.

    python3 Tests/Goldens/tokenizer-peer.py tokenizer.json [--special] < texts

Texts are a line each; for each a line of ids with spaces between, with --special those of the special tokens around the
text too. It makes no golden: the tests ask it where Python has tokenizers.
"""

import sys

from tokenizers import Tokenizer

tokenizer = Tokenizer.from_file(sys.argv[1])
# Of the characters that end a line to Python, only this one ends a text.
for line in sys.stdin.buffer.read().decode().removesuffix("\n").split("\n"):
    print(*tokenizer.encode(line, add_special_tokens="--special" in sys.argv).ids)
