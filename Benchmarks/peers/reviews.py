"""Reads the MR sentences for the peers, the way Ensue's workloads do. Not a program of its own.

A sentence is one line of rt-polarity.pos or rt-polarity.neg, its tokens what stands between white space, cut to the
first 60. The training portion is the first 5,000 of each file (10,000 sentences), positive and negative alternating.
"""

from collections import Counter
from pathlib import Path

import peer

MAXIMUM_LENGTH = 60
TRAINING_SENTENCES = 5000
PADDING, UNKNOWN, FIRST_WORD = 0, 1, 2


def files(folder):
    """The two files (positive, negative) under a data folder or in MR itself."""
    for place in [folder / "slp-labs" / "MR", folder / "MR", folder]:
        pair = [place / f"rt-polarity.{ending}" for ending in ("pos", "neg")]
        if all(path.is_file() for path in pair):
            return pair
    peer.fail(66, f"{folder}: expected the files rt-polarity.pos and rt-polarity.neg, found neither there nor in "
              "slp-labs/MR. Give the folder with --data.")


def read(folder):
    """The training portion: a list of (tokens, label), label 1 for positive."""
    pair = []
    for path in files(Path(folder)):
        lines = path.read_bytes().split(b"\n")
        pair.append([line.split()[:MAXIMUM_LENGTH] for line in lines[:TRAINING_SENTENCES]])
    return [(tokens, label) for two in zip(*pair) for tokens, label in zip(two, (1, 0)) if tokens]


def vocabulary(sentences, maximum=None):
    """Token to id, most frequent first (ties: by bytes); 0 is padding and 1 unknown; `maximum` rows in all."""
    counts = Counter(token for tokens in sentences for token in tokens)
    ordered = sorted(counts, key=lambda token: (-counts[token], token))
    if maximum is not None:
        ordered = ordered[: maximum - FIRST_WORD]
    return {token: index + FIRST_WORD for index, token in enumerate(ordered)}


class Encoded:
    """Sentences as one padded id matrix with lengths and labels, and batches of them packed."""

    def __init__(self, torch, sentences, words):
        self.torch = torch
        self.lengths = torch.tensor([len(tokens) for tokens, _ in sentences])
        self.labels = torch.tensor([label for _, label in sentences])
        rows = [
            [words.get(token, UNKNOWN) for token in tokens] + [PADDING] * (MAXIMUM_LENGTH - len(tokens))
            for tokens, _ in sentences]
        self.ids = torch.tensor(rows)

    def __len__(self):
        return len(self.labels)

    def batch(self, rows):
        """(packed ids, labels, tokens) of the sentences numbered `rows`, longest first."""
        lengths, order = self.lengths[rows].sort(descending=True, stable=True)
        rows = rows[order]
        ids = self.ids[rows, : int(lengths[0])]
        packed = self.torch.nn.utils.rnn.pack_padded_sequence(ids, lengths, batch_first=True)
        return packed, self.labels[rows], int(lengths.sum())


def embedded(torch, packed, lookUp):
    """The packed ids with `lookUp` (ids to vectors) applied to their rows: nothing is looked up for padding."""
    return torch.nn.utils.rnn.PackedSequence(lookUp(packed.data), packed.batch_sizes)
