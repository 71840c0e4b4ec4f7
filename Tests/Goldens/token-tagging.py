"""Where the tokens of words begin, for models that label words; writes token-tagging.json.

Run from the repository root:  python3 Tests/Goldens/token-tagging.py       needs: tokenizers

The tokenizers are those of family-tokenizers/; `spaces` says that RoBERTa's has `add_prefix_space`. `maximum` is the number
of ids that are kept, special ones among them.

    texts   `text`, `ids`, and for each of its scalars the place of the id whose token it is in (`char_to_token`), or null;
            a token of the same word that is a space alone comes before it, as in `word_ids`
    words   `words` cut before (`is_pretokenized`, transformers' `is_split_into_words`), `ids`, and for each word the place
            of its first id, or null for one that was cut off
"""

import json
from pathlib import Path

import tokenizers
from tokenizers import Tokenizer

here = Path(__file__).parent
TEXTS = [
    "Ann's in New-York.",
    "the film, which (they say) cost $3.50, was not bad at all!",
    "  two  spaces\tand a tab  ",
    "naïve café — Ünïcode… 日本語 and 😀!",
    "a",
    "don't we'll U.S.-based e-mail@example.com #tag",
    "",
    "a man in a blue shirt is standing on a ladder cleaning a window of a tall house",
]
WORDS = [
    ["Ann", "lives", "in", "New-York", "."],
    ["the", "film", ",", "which", "was", "not", "bad", "!"],
    ["U.S.", "don't", "naïve", "日本語", "😀"],
    ["a"],
    "a man in a blue shirt is standing on a ladder cleaning a window of a tall house .".split(),
]
CASES = [("bert", False), ("roberta", False), ("roberta", True), ("xlm-roberta", False), ("albert", False)]


def opened(family, spaces, maximum):
    text = (here / "family-tokenizers" / f"{family}.json").read_text()
    if spaces:
        assert '"add_prefix_space":false' in text
        text = text.replace('"add_prefix_space":false', '"add_prefix_space":true')
    tokenizer = Tokenizer.from_str(text)
    tokenizer.no_padding()
    tokenizer.enable_truncation(maximum)
    return tokenizer


def place(encoding, scalar):
    found = encoding.char_to_token(scalar)
    ids, offsets = encoding.word_ids, encoding.offsets
    while found and ids[found - 1] == ids[found] and offsets[found - 1][0] == offsets[found - 1][1]:
        found -= 1
    return found


texts, words = [], []
for family, spaces in CASES:
    for maximum in [512, 12]:
        tokenizer = opened(family, spaces, maximum)
        common = {"tokenizer": family, "spaces": spaces, "maximum": maximum}
        for text in TEXTS:
            encoding = tokenizer.encode(text)
            places = [place(encoding, scalar) for scalar in range(len(text))]
            texts.append(common | {"text": text, "ids": encoding.ids, "places": places})
        # transformers refuses words for a tokenizer that puts no space before them.
        for row in WORDS if family != "roberta" or spaces else []:
            encoding = tokenizer.encode(row, is_pretokenized=True)
            ids = encoding.word_ids
            firsts = [ids.index(word) if word in ids else None for word in range(len(row))]
            words.append(common | {"words": row, "ids": encoding.ids, "firsts": firsts})
output = Path(__file__).with_suffix(".json")
lines = [f'"{key}": [\n' + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]"
         for key, cases in [("texts", texts), ("words", words)]]
output.write_text('{"library": "tokenizers ' + tokenizers.__version__ + '",\n' + ",\n".join(lines) + "}\n")
print(f"{output.name}: {len(texts)} texts, {len(words)} rows of words, {output.stat().st_size} bytes")
