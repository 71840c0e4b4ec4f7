"""Subword tokenizers as the Hugging Face library computes them; writes subword-tokenizers.json and the small
tokenizer files in subword-tokenizers/ beside this file.

Run: ENSUE_DATA=… python3 Tests/Goldens/subword-tokenizers.py [CHECKED-FOLDER]     needs: tokenizers, xxhash

Small pipelines are trained here on a little text of the data folder, so that most cases need no data afterwards. Those
over real vocabularies are named by their folder. With CHECKED-FOLDER the script reads the tokenizer.json files there,
which Ensue wrote, and compares their ids on all texts with those of the files they came from.
"""

import json
import random
import sys
from pathlib import Path

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from goldentexts import beginning, data, digest, generated, read

here = Path(__file__).parent
folder = here / "subword-tokenizers"
folder.mkdir(exist_ok=True)

# Texts to compare id by id.

tricky = [
    "", " ", "  ", "a", " a", "a ", "  a  b  ", "\n", "\n\n\na", "\t\tx", "a\r\nb", "\u00a0\u00a0x", "\u3000 x",
    "Hello, world!", "hello world", "HELLO WORLD", "I'm you're he's we've they'll I'd can't", "I'M YOU'RE HE'S 'LL",
    "it\u2019s 'quoted' ''double'' 'tis", "don't stop 'S 's s' '", "\u017f'\u017f a'\u017fb",
    "1 12 123 1234 12345678 3.14 1,000,000", "x1y22z333", "\u0661\u0662\u0663 \u00bd \u00b2 \u2167",
    "a.b,c;d:e!f?g", "...!!!???", "--- === +++", "$5 + \u20ac7 = \u00a3?", "C++ and C# <tag> {x} [y] (z) a_b __init__",
    "http://example.com/a?b=c&d=e#f", "user@example.org", "\u00e9\u00e8\u00ea caf\u00e9 na\u00efve", "e\u0301 cafe\u0301",
    "\u0041\u030a\u0301 \u1e9b\u0323", "\ufb01ne \ufb03 \u2460 \u33a1 \u2126 \u212b \uff21\uff22", "\u1f85\u1fc3",
    "\u0130stanbul I\u0131", "stra\u00dfe STRASSE \u1e9e", "\u03a3\u03a3 \u03c3\u03c2 \u039f\u0394\u039f\u03a3",
    "\u039a\u03b1\u03bb\u03b7\u03bc\u03ad\u03c1\u03b1 \u03ba\u03cc\u03c3\u03bc\u03b5", "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440",
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd", "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
    "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u0e0a\u0e32\u0e27\u0e42\u0e25\u0e01",
    "\u4f60\u597d\u4e16\u754c", "\u4f60\u597d, \u4e16\u754c\uff01\u3002", "\u65e5\u672c\u8a9e\u306e\u6587\u7ae0\u3067\u3059\u3002", "\u30ab\u30bf\u30ab\u30ca \uff76\uff9e\uff80",
    "\uc548\ub155\ud558\uc138\uc694 \uc138\uacc4", "\u1112\u1161\u11ab \u1100\u1161", "abc\u4e2dDEF\u6587ghi", "\u4e2dABC ABCdef aBC",
    "camelCaseWord HTMLParser XMLHttpRequest iPhone", "A\u0301BC e\u0301X", "\U0001f600", "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\U0001f44d\U0001f3fd ok \u2764\ufe0f", "\U0001f1e9\U0001f1ea\U0001f1ef\U0001f1f5", "1\ufe0f\u20e3", "\u0000", "a\u0000b", "\u0001\u0002a\u001f",
    "\u007f\u0080\u0085\u009f x", "a\u200bb\u200cc\u200dd\ufeffe", "\u202eabc\u202c", "\u00ad soft\u00adhyphen", "\ufffd", "a\ufffdb",
    "\ue000\U000f0000", "\U0010ffff x", "\u2581a\u2581\u2581b", "_a\u2581", "\u2028\u2029x", "\u0120a \u010a", "<0x0A><0x41>", "##ing ##", "un##known",
    "playing unbelievable antidisestablishmentarianism", "a" * 50, "ab" * 40, "x" * 101, "x" * 100, " " * 40 + "y", "\n" * 20 + " z",
    "the the the the", "The quick brown fox jumps over the lazy dog.", "no space.after,punct", "tab\there", "\u00e4\u00f6\u00fc\u00df \u00c4\u00d6\u00dc",
    "Der Hund l\u00e4uft \u00fcber die Stra\u00dfe.", "``quoted'' text", "a//b\n//c\r\n/d", "!\n!\r\n\n! \n x", " \n \n x", "x \n", "\u3042\u3099 \u304c \uff9e",
    "\u0300a \u0301", "a\u0328\u0301\u0327", "<s>hi</s>", "<|endoftext|>", "a<|endoftext|>b <|endoftext|> c", "[CLS] a [SEP][MASK] b[PAD]",
    "<mask> x<mask>y <mask>", "cOOl xcool cool! cool", "strip me strip", "  lead trail  ", "one<a><ab><abc>two", "\u1680x\u2003y", "\u30fb\u3001\u300c\u300d",
    "ve're 'vE 'Ll 'RE'", "l'\u00e9t\u00e9 d'eau", "O'Neill's", "\u00bf?\u00a1! \u2014 \u2026", "5'10\" tall", "\u00b5\u00b9\u00aa\u00ba", "\u01c5\u01c8 \u02b0\u02b1",
]
source = random.Random(20240611)
pieces = list("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789") + [" "] * 12 + [
    "'s", "'t", "'", "n't", "\n", "\r\n", "\t", "  ", ".", ",", "-", "!", "\u00e9", "e\u0301", "\u00df", "\u4e2d", "\u3042", "\u0301", "\u0323", "\u200d",
    "\U0001f600", "\U0001f3fd", "\u05d0", "\u0627", "\u0e01\u0e33", "\uac00", "\u1100\u1161", "\u00a0", "\u2581", "_", "the", "ing", "er", "\ufb01", "\u0130", "\u00bd", "\u0660", "\ufffd", "\u0007",
]
mixed = ["".join(source.choice(pieces) for _ in range(source.randint(2, 28))) for _ in range(40)]
texts = list(dict.fromkeys(tricky + mixed))
pairs = [("hello", "world"), ("", "b"), ("a b", ""), ("How are you?", "I'm fine, thanks."), ("\u4f60\u597d", "caf\u00e9 [SEP] </s>")]

# Small pipelines.

corpus = (
    beginning("ptb/ptb.valid.txt", 150_000).splitlines()
    + beginning("multi30k/raw/train.de", 30_000).splitlines()
    + beginning("multi30k/raw/train.en", 30_000).splitlines()
    + ["it's I'm don't we've they'll ABC CamelCase 123 2024 \u4f60\u597d \u65e5\u672c\u8a9e \u03ba\u03b1\u03bb\u03b7"] * 5
)
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LETTERS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}DIGITS| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CL100K, QWEN2 = LETTERS.replace("DIGITS", "{1,3}"), LETTERS.replace("DIGITS", "")
UP, LOW, END = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]", r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
O200K = (
    rf"[^\r\n\p{{L}}\p{{N}}]?{UP}*{LOW}+{END}|[^\r\n\p{{L}}\p{{N}}]?{UP}+{LOW}*{END}"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
alphabet = pre_tokenizers.ByteLevel.alphabet()
byte_tokens = [f"<0x{byte:02X}>" for byte in range(256)]
common = [chr(code) for code in range(0x20, 0x7F)]


def byte_level(pre, size=420, **options):
    tokenizer = Tokenizer(models.BPE(**options))
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=size, initial_alphabet=sorted(alphabet), show_progress=False))
    return tokenizer


def split_byte_level(pattern, **options):
    split = pre_tokenizers.Split(Regex(pattern), "isolated")
    return byte_level(pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]), **options)


def gpt2():
    tokenizer = byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False))
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.add_special_tokens(["<|endoftext|>"])
    return tokenizer


def roberta():
    tokenizer = byte_level(pre_tokenizers.ByteLevel(add_prefix_space=True))
    tokenizer.add_special_tokens(["<s>", "</s>", AddedToken("<mask>", lstrip=True, special=True)])
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", tokenizer.token_to_id("</s>")), ("<s>", tokenizer.token_to_id("<s>")))
    return tokenizer


def llama3():
    tokenizer = split_byte_level(CL100K, ignore_merges=True)
    tokenizer.add_special_tokens(["<s>"])
    template = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B:1", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))])
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), template])
    return tokenizer


def qwen2():
    tokenizer = split_byte_level(QWEN2)
    tokenizer.normalizer = normalizers.NFC()
    return tokenizer


def o200k():
    return split_byte_level(O200K)


def numbers():
    steps = [
        pre_tokenizers.Split("-", "merged_with_previous"), pre_tokenizers.Split(",", "merged_with_next"), pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.Split(Regex(r"\s+"), "isolated"), pre_tokenizers.CharDelimiterSplit("q"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ]
    tokenizer = byte_level(pre_tokenizers.Sequence(steps))
    tokenizer.normalizer = normalizers.NFKC()
    return tokenizer


def inverted():
    steps = [pre_tokenizers.Split(Regex(GPT2), "removed", invert=True), pre_tokenizers.Split(Regex(r"\p{N}"), "isolated"), pre_tokenizers.Split("o", "contiguous", invert=True)]
    tokenizer = byte_level(pre_tokenizers.Sequence(steps + [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]))
    tokenizer.normalizer = normalizers.NFD()
    return tokenizer


def byte_normalized():
    tokenizer = byte_level(pre_tokenizers.Split("\u0120", "merged_with_next"))
    tokenizer.normalizer = normalizers.ByteLevel()
    tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=400, initial_alphabet=sorted(alphabet), show_progress=False))
    return tokenizer


def openai_gpt():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>", fuse_unk=False))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.BPEDecoder(suffix="</w>")
    tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=500, special_tokens=["<unk>"], end_of_word_suffix="</w>", limit_alphabet=60, show_progress=False))
    return tokenizer


def prefixed():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", continuing_subword_prefix="##", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Strip(right=False)])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.decoder = decoders.WordPiece(cleanup=False)
    tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=500, special_tokens=["<unk>"], continuing_subword_prefix="##", limit_alphabet=60, show_progress=False))
    return tokenizer


def sentencepiece_bpe(first):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    trained = Tokenizer(models.BPE(unk_token="<unk>"))
    trained.pre_tokenizer = pre_tokenizers.Metaspace()
    trained.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=400, special_tokens=["<unk>", "<s>", "</s>"], limit_alphabet=70, show_progress=False))
    model = json.loads(trained.to_str())["model"]
    vocabulary = dict(model["vocab"])
    for token in byte_tokens[: 256 if first else 250]:
        vocabulary[token] = len(vocabulary)
    merges = [tuple(merge) if isinstance(merge, list) else tuple(merge.split(" ")) for merge in model["merges"]]
    tokenizer.model = models.BPE(vocab=vocabulary, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    if first:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
        tokenizer.normalizer = normalizers.Strip(left=True, right=False)
    else:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    return tokenizer


def unigram(size, normalizer, pre, fallback=False):
    trained = Tokenizer(models.Unigram())
    trained.normalizer, trained.pre_tokenizer = normalizer, pre
    trained.train_from_iterator(corpus, trainers.UnigramTrainer(vocab_size=size, special_tokens=["<unk>", "</s>"], unk_token="<unk>", show_progress=False))
    model = json.loads(trained.to_str())["model"]
    # The trainer may learn a special token once more as a piece.
    vocabulary = list({token: (token, score) for token, score in reversed(model["vocab"])}.values())[::-1]
    if fallback:
        vocabulary += [(token, 0.0) for token in byte_tokens]
    tokenizer = Tokenizer(models.Unigram(vocabulary, 0, fallback))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, pre
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens(["</s>"])
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", tokenizer.token_to_id("</s>"))])
    return tokenizer


def t5():
    steps = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    return unigram(500, steps, pre_tokenizers.Metaspace())


def albert():
    steps = normalizers.Sequence([normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()])
    return unigram(450, steps, pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]))


def unigram_bytes():
    return unigram(400, normalizers.Strip(), pre_tokenizers.Metaspace(prepend_scheme="never", split=False), fallback=True)


def bert(lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100 if lowercase else 20))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase, strip_accents=None if lowercase else False, handle_chinese_chars=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(cleanup=lowercase)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(corpus, trainers.WordPieceTrainer(vocab_size=500, special_tokens=special, limit_alphabet=90, show_progress=False))
    if lowercase:
        tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    else:
        tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $0 [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return tokenizer


def word_level():
    tokenizer = Tokenizer(models.WordLevel(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Lowercase(), normalizers.NFC(), normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Digits(individual_digits=False), pre_tokenizers.Punctuation()])
    tokenizer.train_from_iterator(corpus, trainers.WordLevelTrainer(vocab_size=300, special_tokens=["<unk>"], show_progress=False))
    return tokenizer


def added():
    tokenizer = byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.add_tokens([
        AddedToken("COOL", normalized=True, single_word=True), AddedToken("strip", normalized=False, lstrip=True, rstrip=True),
        AddedToken("<a>", normalized=False), AddedToken("<ab>", normalized=False), AddedToken("<abc", normalized=False), AddedToken("the the", normalized=True),
        AddedToken("\u00c9", normalized=True), AddedToken("ab", single_word=True, normalized=False), AddedToken("  ", normalized=False, rstrip=True), AddedToken("\n", lstrip=True, normalized=True),
    ])
    tokenizer.add_special_tokens(["<|endoftext|>", AddedToken("<mask>", lstrip=True, normalized=False, special=True)])
    return tokenizer


small = {
    "gpt2": gpt2, "roberta": roberta, "llama3": llama3, "qwen2": qwen2, "o200k": o200k, "numbers": numbers, "inverted": inverted, "byte-normalized": byte_normalized,
    "openai-gpt": openai_gpt, "prefixed": prefixed, "llama2": lambda: sentencepiece_bpe(False), "llama2-first": lambda: sentencepiece_bpe(True), "t5": t5, "albert": albert,
    "unigram-bytes": unigram_bytes, "bert-uncased": lambda: bert(True), "bert-cased": lambda: bert(False), "word-level": word_level, "added": added,
}

# Pipelines over real vocabularies.


def fields(message):
    """The fields of a protocol buffer."""
    position = 0

    def number():
        nonlocal position
        value, shift = 0, 0
        while True:
            byte = message[position]
            position += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while position < len(message):
        tag = number()
        if tag & 7 == 0:
            yield tag >> 3, number()
        else:
            size = number() if tag & 7 == 2 else 4 if tag & 7 == 5 else 8
            yield tag >> 3, message[position : position + size]
            position += size


def real_gpt2():
    place = data / "tokenizers/gpt2"
    tokenizer = Tokenizer(models.BPE.from_file(str(place / "vocab.json"), str(place / "merges.txt")))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.add_special_tokens(["<|endoftext|>"])
    return tokenizer


def real_openai():
    place = data / "tokenizers/openai-gpt"
    tokenizer = Tokenizer(models.BPE.from_file(str(place / "vocab.json"), str(place / "merges.txt"), unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.BPEDecoder(suffix="</w>")
    tokenizer.add_special_tokens(["<unk>"])
    return tokenizer


def real_bert(name, lowercase):
    tokenizer = Tokenizer(models.WordPiece.from_file(str(data / f"tokenizers/{name}/vocab.txt"), unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens([token for token in ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] if tokenizer.token_to_id(token) is not None])
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", tokenizer.token_to_id("[SEP]")), ("[CLS]", tokenizer.token_to_id("[CLS]")))
    return tokenizer


def real_sentencepiece():
    import base64
    import struct

    vocabulary, special, unknown, charsmap = [], [], None, b""
    for field, value in fields((data / "tokenizers/sentencepiece-test/test_model.model").read_bytes()):
        if field == 1:
            piece = dict(fields(value))
            kind = piece.get(3, 1)
            vocabulary.append((piece[1].decode(), struct.unpack("<f", piece[2])[0] if 2 in piece else 0.0))
            if kind == 2:
                unknown = len(vocabulary) - 1
            if kind in (2, 3):
                special.append(vocabulary[-1][0])
        if field == 3:
            charsmap = dict(fields(value)).get(2, b"")
    tokenizer = Tokenizer(models.Unigram(vocabulary, unknown, False))
    steps = [normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "\u2581")]
    tokenizer.normalizer = normalizers.Sequence(([normalizers.Precompiled(charsmap)] if charsmap else []) + steps)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens(special)
    return tokenizer


real = {
    "gpt2": real_gpt2, "openai-gpt": real_openai, "bert-base-uncased": lambda: real_bert("bert-base-uncased", True),
    "bert-base-cased": lambda: real_bert("bert-base-cased", False), "sentencepiece-test": real_sentencepiece,
}


def golden(tokenizer, long_texts):
    ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    decoded = [tokenizer.decode(row, skip_special_tokens=True) for row in ids]
    both = []
    for first, second in pairs:
        pair, plain = tokenizer.encode(first, second), tokenizer.encode(first, second, add_special_tokens=False)
        both.append({"ids": pair.ids, "types": pair.type_ids, "single": tokenizer.encode(first).ids, "plainTypes": plain.type_ids})
    return {
        "size": tokenizer.get_vocab_size(),
        "ids": ids,
        "decoded": [None if out == text else out for out, text in zip(decoded, texts)],
        "pairs": both,
        "digests": {name: digest(tokenizer.encode(text, add_special_tokens=False).ids) for name, text in long_texts.items()},
    }


def make():
    result = {"library": f"tokenizers {tokenizers.__version__}", "texts": texts, "pairs": pairs, "small": {}, "real": {}}
    short = {name: build(100_000) for name, build in generated.items()}
    for name, build in small.items():
        built = folder / f"{name}.json"
        built.write_text(json.dumps(json.loads(build().to_str()), ensure_ascii=False, separators=(",", ":")) + "\n")
        result["small"][name] = golden(Tokenizer.from_file(str(built)), short)
    long_texts = {name: build(1_000_000) for name, build in generated.items()}
    long_texts |= {name: beginning(path, 1_000_000) for name, path in read.items()}
    for name, build in real.items():
        result["real"][name] = golden(build(), long_texts)
    path = here / "subword-tokenizers.json"
    path.write_text(json.dumps(result, ensure_ascii=False, separators=(",", ":")).replace("\x7f", "\\u007f") + "\n")
    cases = sum(len(entry["ids"]) for kind in ("small", "real") for entry in result[kind].values())
    print(f"{path.name}: {cases} cases, {path.stat().st_size} bytes; {len(small)} tokenizer files")


def check(written):
    result = json.loads((here / "subword-tokenizers.json").read_text())
    for kind in ("small", "real"):
        for name, entry in result[kind].items():
            path = Path(written) / kind / f"{name}.json"
            tokenizer = Tokenizer.from_file(str(path))
            ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in result["texts"]]
            decoded = [tokenizer.decode(row, skip_special_tokens=True) for row in ids]
            wanted = [out if out is not None else text for out, text in zip(entry["decoded"], result["texts"])]
            pair = [tokenizer.encode(*texts).ids for texts in result["pairs"]]
            same = ids == entry["ids"] and decoded == wanted and pair == [both["ids"] for both in entry["pairs"]]
            print(f"{kind} {name}: {'the same' if same else 'DIFFERENT'}")


if len(sys.argv) > 1:
    check(sys.argv[1])
else:
    make()
