"""The Python side of `tokenize-gpt2`, `tokenize-bert` and `tokenize-unigram`: Hugging Face's tokenizers, one thread.

A block encodes the first megabyte of WikiText-2's validation text line by line, the lines being str objects beforehand,
as often as --seconds has room for, with encode_batch_fast (no offsets: the faster for the peer). The figure is in MB/s.
The tokenizer is made from DATA/tokenizers and written to ensue-benchmarks/NAME.json in the system's folder for temporary
files, where Ensue reads it.

    python3 Benchmarks/peers/tokenize-text.py --name tokenize-gpt2 [--data DIR] [--serve]
"""

import os
import struct
import tempfile
import time
from pathlib import Path

import peer

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
TEXT_SIZE = 1_000_000


def fields(data):
    """(number, value) of each field of a protobuf message."""
    place = 0

    def varint():
        nonlocal place
        value = shift = 0
        while True:
            byte = data[place]
            place += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while place < len(data):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
        else:
            size = varint() if key & 7 == 2 else {1: 8, 5: 4}[key & 7]
            yield key >> 3, data[place:place + size]
            place += size


def sentencePiece(hugging, path):
    """A unigram model from SentencePiece's file."""
    pieces, normalization = [], b""
    for number, value in fields(path.read_bytes()):
        if number == 1:
            piece = dict(fields(value))
            pieces.append((piece[1].decode(), struct.unpack("<f", piece.get(2, bytes(4)))[0]))
        elif number == 3:
            normalization = dict(fields(value)).get(2, b"")
    tokenizer = hugging.Tokenizer(hugging.models.Unigram(pieces, unk_id=0))
    steps = [hugging.normalizers.Precompiled(normalization)] if normalization else []
    steps.append(hugging.normalizers.Replace(hugging.Regex(" {2,}"), " "))
    tokenizer.normalizer = hugging.normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = hugging.pre_tokenizers.Metaspace()
    tokenizer.decoder = hugging.decoders.Metaspace()
    return tokenizer


def makeTokenizer(hugging, name, folder):
    if name == "tokenize-gpt2":
        files = [str(folder / "gpt2" / file) for file in ("vocab.json", "merges.txt")]
        tokenizer = hugging.Tokenizer(hugging.models.BPE.from_file(*files))
        tokenizer.pre_tokenizer = hugging.pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = hugging.decoders.ByteLevel()
    elif name == "tokenize-bert":
        vocabulary = str(folder / "bert-base-uncased" / "vocab.txt")
        tokenizer = hugging.Tokenizer(hugging.models.WordPiece.from_file(vocabulary, unk_token="[UNK]"))
        tokenizer.normalizer = hugging.normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = hugging.pre_tokenizers.BertPreTokenizer()
        tokenizer.decoder = hugging.decoders.WordPiece()
    else:
        tokenizer = sentencePiece(hugging, folder / "sentencepiece-test" / "test_model.model")
    return tokenizer


def main():
    parser = peer.options("tokenize", __doc__, data=True)
    parser.add_argument("--name", default="tokenize-gpt2", help="the workload")
    arguments = peer.parse(parser)
    arguments.threads, arguments.workload = 1, arguments.name
    try:
        import tokenizers as hugging
        from tokenizers import decoders, models, normalizers, pre_tokenizers  # noqa: F401
    except ImportError:
        peer.fail(69, "the package `tokenizers` is not installed for this Python.")
    try:
        tokenizer = makeTokenizer(hugging, arguments.name, arguments.data / "tokenizers")
        with open(arguments.data / "wikitext-2" / "valid.txt", encoding="utf-8", newline="\n") as file:
            text = file.read()
    except Exception as error:  # The library's errors have no type of their own.
        peer.fail(66, f"{arguments.data}: {error}")
    folder = Path(tempfile.gettempdir()) / "ensue-benchmarks"
    folder.mkdir(exist_ok=True)
    tokenizer.save(str(folder / f"{arguments.name}.json"))
    lines, size = [], 0
    for line in text.split("\n"):
        if size >= TEXT_SIZE:
            break
        size += len(line.encode()) + 1
        lines.append(line)

    def encode():
        return sum(len(encoding) for encoding in tokenizer.encode_batch_fast(lines, add_special_tokens=False))

    def block():
        start, elapsed, megabytes = time.perf_counter(), 0.0, 0.0
        while elapsed < arguments.seconds:
            encode()
            megabytes += size / 1e6
            elapsed = time.perf_counter() - start
        return {"rows": {arguments.name: megabytes / elapsed}, "unit": "MB/s"}

    peer.measure(arguments, block, f"tokenizers {hugging.__version__}", encode)


main()
