"""Texts of a size for the golden scripts of tokenizers, and digests of ids.

Greek, emoji, noise and special tokens are made by a few lines that the tests have in Swift (SubwordGoldenTexts); English,
German and Japanese are the beginnings of files in the data folder, which ENSUE_DATA names. Needs: xxhash.
"""

import os
from pathlib import Path

import xxhash

data = Path(os.environ["ENSUE_DATA"])
MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        mixed = self.state
        mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & MASK
        return mixed ^ mixed >> 31

    def below(self, bound):
        return self.next() % bound


def greek(size):
    source, parts, count = SplitMix64(11), [], 0
    while count < size:
        word = "".join(chr(0x3B1 + source.below(25)) for _ in range(1 + source.below(9)))
        if source.below(3) == 0:
            word += chr(0x3AC + source.below(4))
        if source.below(8) == 0:
            word += ",;.!"[source.below(4)]
        parts.append(word + " ")
        count += len(parts[-1].encode())
    return "".join(parts)


def emoji(size):
    source, parts, count = SplitMix64(12), [], 0
    joins = ["", "", "", " ", "\u200d", "\ufe0f", "\U0001f3fd", "a", "1\ufe0f\u20e3", "\n"]
    while count < size:
        scalar = 0x1F600 + source.below(80) if source.below(2) else 0x1F300 + source.below(0x600)
        parts.append(chr(scalar) + joins[source.below(10)])
        count += len(parts[-1].encode())
    return "".join(parts)


def noise(size):
    source = SplitMix64(13)
    return bytes(source.next() >> 56 for _ in range(size)).decode("utf-8", errors="replace")


def beginning(path, size):
    return (data / path).read_bytes()[:size].decode("utf-8", errors="ignore")


generated = {"greek": greek, "emoji": emoji, "noise": noise}
read = {
    "english": "wikitext-2/train.txt",
    "german": "multi30k/raw/train.de",
    "japanese": "enja/train.ja",
}


def special(size):
    """Words with the special tokens of every family among them, with white space around and without."""
    source, parts, count = SplitMix64(14), [], 0
    tokens = [
        "[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]", "<s>", "</s>", "<pad>", "<unk>", "<mask>", "<|endoftext|>",
        "<start>", "<stop>", "[cls]", "<S>", "[MASK", "mask>"]
    words = ["film", "was", "good", "Was", "Wolken", "a", "1999", ".", "é", "日", "▁"]
    joins = ["", " ", " ", "  ", "\n", "\t", "\u00a0"]
    while count < size:
        part = tokens[source.below(17)] if source.below(2) else words[source.below(11)]
        parts.append(part + joins[source.below(7)])
        count += len(parts[-1].encode())
    return "".join(parts)


def digest(ids):
    return xxhash.xxh3_128_hexdigest(b"".join(number.to_bytes(4, "little") for number in ids))
