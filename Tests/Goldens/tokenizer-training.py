"""Makes Tests/Goldens/tokenizer-training.json: what the trainers of Hugging Face's tokenizers learn.

Run from the repository root:  python3 Tests/Goldens/tokenizer-training.py [DATA]

Texts: `small` is tokenizer-training.txt beside this file (the beginning of Natsume Soseki's "Botchan", translated by
Yasotaro Morri, 1919, in the public domain, after a few lines in other scripts); `ptb` is DATA/ptb/ptb.train.txt with
ptb.valid.txt held out (without DATA what the file had is kept). Each case has the pipeline's kind, the size, the first
merges and FNV-1a (64 bits) over all of them, one `left right LF` each.

For word pieces the library numbers the letters after the first of a word in an order that changes from run to run, and
with it the ties: the case has the pieces that ten runs have in common. For unigram it has how many pieces the library's
model of that size needs for the held-out lines (of `small`: every tenth), whose characters are counted too.
"""

import json
import os
import sys

os.environ["TOKENIZERS_PARALLELISM"] = "false"

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SPECIALS = {
    "bpe": [],
    "wordpiece": ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
    "unigram": ["<unk>", "<s>", "</s>"],
    "sentencepiece-bpe": ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)],
}


def sentencePiece(tokenizer):
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()


def train(kind, lines, size, minimum, own=()):
    """The library's tokenizer of a kind. Byte-level training sees line ends, as in the library's reading of files."""
    specials = SPECIALS[kind] + list(own)
    common = {"vocab_size": size, "special_tokens": specials, "show_progress": False}
    if kind == "bpe":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        trainer = trainers.BpeTrainer(
            min_frequency=minimum, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), **common)
    elif kind == "wordpiece":
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(min_frequency=minimum, **common)
    elif kind == "unigram":
        tokenizer = Tokenizer(models.Unigram())
        sentencePiece(tokenizer)
        trainer = trainers.UnigramTrainer(unk_token="<unk>", **common)
    else:
        tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
        sentencePiece(tokenizer)
        trainer = trainers.BpeTrainer(min_frequency=minimum, **common)
    tokenizer.train_from_iterator((line if kind == "bpe" else line.rstrip("\n") for line in lines), trainer)
    return tokenizer


def merges(tokenizer):
    found = json.loads(tokenizer.to_str())["model"]["merges"]
    return [merge if isinstance(merge, str) else " ".join(merge) for merge in found]


def fnv(lines):
    value = 0xCBF29CE484222325
    for line in lines:
        for byte in (line + "\n").encode():
            value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def mergeCase(text, kind, lines, size, minimum, own=()):
    tokenizer = train(kind, lines, size, minimum, own)
    found = merges(tokenizer)
    return {
        "text": text, "kind": kind, "size": size, "minimum": minimum, "special": list(own),
        "vocabulary": tokenizer.get_vocab_size(), "merges": found[:300], "count": len(found), "digest": fnv(found)}


def wordPieceCase(text, lines, size, minimum):
    common = None
    for _ in range(10):
        vocabulary = set(train("wordpiece", lines, size, minimum).get_vocab())
        common = vocabulary if common is None else common & vocabulary
    return {
        "text": text, "kind": "wordpiece", "size": size, "minimum": minimum, "common": sorted(common)}


def unigramCase(text, lines, heldOut, size):
    tokenizer = train("unigram", lines, size, 0)
    heldOut = [line.rstrip("\n") for line in heldOut]
    return {
        "text": text, "kind": "unigram", "size": size, "vocabulary": tokenizer.get_vocab_size(),
        "characters": sum(map(len, heldOut)), "tokens": sum(len(encoding.ids) for encoding in tokenizer.encode_batch(heldOut))}


def read(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return list(file)


def main():
    path = os.path.join(HERE, "tokenizer-training.json")
    small = read(os.path.join(HERE, "tokenizer-training.txt"))
    kept = [line for index, line in enumerate(small) if index % 10 != 9]
    cases = [
        mergeCase("small", "bpe", small, 1000, 2),
        mergeCase("small", "bpe", small, 1500, 1, ["<|endoftext|>", "the"]),
        mergeCase("small", "bpe", small, 100000, 3),
        mergeCase("small", "sentencepiece-bpe", small, 1000, 2),
        wordPieceCase("small", small, 800, 2),
        unigramCase("small", kept, small[9::10], 500),
        unigramCase("small", kept, small[9::10], 1000),
    ]
    if len(sys.argv) > 1:
        train_, valid = (read(f"{sys.argv[1]}/ptb/ptb.{part}.txt") for part in ("train", "valid"))
        cases += [
            mergeCase("ptb", "bpe", train_, 8000, 2),
            mergeCase("ptb", "sentencepiece-bpe", train_, 4000, 2),
            unigramCase("ptb", train_, valid, 2000),
            unigramCase("ptb", train_, valid, 8000),
        ]
    else:
        with open(path, encoding="utf-8") as file:
            cases += [case for case in json.load(file)["cases"] if case["text"] == "ptb"]
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"cases": cases}, file, ensure_ascii=False, indent=0)
        file.write("\n")
    for case in cases:
        print({key: value for key, value in case.items() if key not in ("merges", "common")}, len(case.get("common", [])))


main()
