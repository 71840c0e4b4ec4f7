"""Writes a word-vector file in GloVe's text format, for timing how it is loaded: `word v1 ... vN`, one word a line.

    python3 Benchmarks/peers/make-vectors.py PATH [--rows 400000] [--dimension 50] [--seed 1]

Words are a, b, ..., z, aa, ab, ... (so all different, lengths as unequal as real ones); numbers are normal with
deviation 0.4, printed like GloVe's with at most five decimals and no trailing zeros. The same options give the same
bytes. The file appears under its name only when it is complete; one that exists is left as it is.
"""

import argparse
import os
import sys
from pathlib import Path

import numpy

CHUNK = 10000
WORD_WIDTH = 6


def wordColumns(ranks):
    """The words of `ranks` as right-aligned letters [rows, WORD_WIDTH] and which of them are written."""
    letters = numpy.zeros((len(ranks), WORD_WIDTH), numpy.uint8)
    written = numpy.zeros(letters.shape, bool)
    rest = ranks + 1
    for column in reversed(range(WORD_WIDTH)):
        written[:, column] = rest > 0
        letters[:, column] = ord("a") + (rest - 1) % 26
        rest = numpy.where(rest > 0, (rest - 1) // 26, 0)
    return letters, written


def numberColumns(values):
    """` -d.ddddd` for each value, nine bytes wide [rows, columns, 9], and which of the bytes are written."""
    scaled = numpy.rint(values * 1e5).astype(numpy.int64)
    digits = numpy.abs(scaled)
    text = numpy.zeros(values.shape + (9,), numpy.uint8)
    written = numpy.ones(text.shape, bool)
    text[..., 0], text[..., 1], text[..., 3] = ord(" "), ord("-"), ord(".")
    written[..., 1] = scaled < 0
    trailing = numpy.ones(values.shape, bool)
    for column in (8, 7, 6, 5, 4):
        digit = digits % 10
        digits //= 10
        trailing &= digit == 0
        text[..., column] = ord("0") + digit
        # The first decimal always stays: 1.0, not 1.
        written[..., column] = ~trailing if column > 4 else True
    text[..., 2] = ord("0") + digits
    return text, written


def chunk(random, first, rows, dimension):
    """The bytes of `rows` lines from rank `first` on."""
    words, wordsWritten = wordColumns(numpy.arange(first, first + rows))
    values = numpy.clip(random.standard_normal((rows, dimension)) * 0.4, -9.9, 9.9)
    numbers, numbersWritten = numberColumns(values)
    newline = numpy.full((rows, 1), ord("\n"), numpy.uint8)
    text = numpy.concatenate([words, numbers.reshape(rows, -1), newline], axis=1)
    written = numpy.concatenate(
        [wordsWritten, numbersWritten.reshape(rows, -1), numpy.ones((rows, 1), bool)], axis=1)
    return text[written].tobytes()


def write(path, rows, dimension, seed):
    random = numpy.random.RandomState(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with open(unfinished, "wb") as file:
        for first in range(0, rows, CHUNK):
            file.write(chunk(random, first, min(CHUNK, rows - first), dimension))
    os.replace(unfinished, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=400000)
    parser.add_argument("--dimension", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.path.exists():
        print(f"{arguments.path} exists, left as it is", file=sys.stderr)
        return
    write(arguments.path, arguments.rows, arguments.dimension, arguments.seed)


main()
