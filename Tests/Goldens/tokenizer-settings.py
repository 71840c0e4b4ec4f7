"""Ids by tokenizers whose folders say more than their vocabularies: added tokens, and settings of tokenizer_config.json;
writes tokenizer-settings.json.

Run: python3 Tests/Goldens/tokenizer-settings.py       needs: transformers, sentencepiece

Of every case: `family` (model_type), `files` (the name in the folder, and the file of this directory it is a copy of),
`settings` (tokenizer_config.json), `added` (added_tokens.json, may be missing), and by text `ids`, as AutoTokenizer gives
them.
"""

import json
import shutil
import tempfile
from pathlib import Path

import transformers

here = Path(__file__).parent
TEXTS = ["a film was new1 good NEW1", "The[new]film  [new] the<x>", "ÉTÉ 日本 Été", ""]
gpt2 = {file: f"pretrained-decoders/gpt2/{file}" for file in ("vocab.json", "merges.txt")}
bert = {"vocab.txt": "pretrained-decoders/tokenizer-bert-lower/vocab.txt"}
llama = {"tokenizer.model": "pretrained-decoders/mistral/tokenizer.model"}
saved = {family: {"tokenizer.json": f"family-tokenizers/{family}.json"} for family in ("bert", "gpt2")}


def token(content, **flags):
    return dict(content=content, lstrip=False, rstrip=False, normalized=False, single_word=False, special=False) | flags


def decoder(first):
    return {"added_tokens_decoder": {
        str(first): token("new1", normalized=True), str(first + 1): token("[new]", special=True, lstrip=True)}}


def named(name, **more):
    return {"tokenizer_class": name} | more


cases = {
    "gpt2-space-and-beginning": ("gpt2", gpt2, named("GPT2Tokenizer", add_prefix_space=True, add_bos_token=True)),
    "gpt2-added": ("gpt2", gpt2, named("GPT2Tokenizer"), {"new1": 300, "[new]": 301}),
    "gpt2-decoder": ("gpt2", gpt2, named("GPT2Tokenizer", **decoder(300))),
    "bert-added": ("bert", bert, named("BertTokenizer"), {"NEW1": 167, "[new]": 168}),
    "bert-decoder": ("bert", bert, named("BertTokenizer", **decoder(167))),
    "bert-saved-decoder": ("bert", saved["bert"], named("BertTokenizer", **decoder(167))),
    "bert-saved-added": ("bert", saved["bert"], named("BertTokenizer"), {"new1": 167}),
    "bert-saved-cased": ("bert", saved["bert"], named("BertTokenizer", do_lower_case=False)),
    "bert-saved-accents": ("bert", saved["bert"], named(
        "BertTokenizerFast", do_lower_case=False, strip_accents=True, tokenize_chinese_chars=False)),
    "bert-saved-accents-kept": ("bert", saved["bert"], named("BertTokenizer", strip_accents=False)),
    "bert-saved-without-class": ("bert", saved["bert"], {"do_lower_case": False}),
    "bert-saved-other-class": ("bert", saved["bert"], named("PreTrainedTokenizerFast", do_lower_case=False)),
    "distilbert-saved-cased": ("distilbert", saved["bert"], named("DistilBertTokenizer", do_lower_case=False)),
    "llama-end": ("llama", llama, named("LlamaTokenizer", add_bos_token=True, add_eos_token=True)),
    "llama-end-alone": ("llama", llama, named("LlamaTokenizer", add_bos_token=False, add_eos_token=True)),
    "llama-added": ("llama", llama, named("LlamaTokenizer", add_bos_token=True), {"[new]": 340}),
}


def completed(family, files, settings, added=None):
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory)
        for name, source in files.items():
            shutil.copyfile(here / source, path / name)
        (path / "config.json").write_text(json.dumps({"model_type": family}))
        (path / "tokenizer_config.json").write_text(json.dumps(settings))
        if added:
            (path / "added_tokens.json").write_text(json.dumps(added))
        tokenizer = transformers.AutoTokenizer.from_pretrained(path)
        recipe = dict(family=family, files=files, settings=settings) | ({"added": added} if added else {})
        return recipe | {"ids": {text: tokenizer(text)["input_ids"] for text in TEXTS}}


found = {name: completed(*case) for name, case in cases.items()}
output = Path(__file__).with_suffix(".json")
library = f"transformers {transformers.__version__}"
output.write_text(json.dumps({"library": library, "cases": found}, ensure_ascii=False, separators=(",", ":")) + "\n")
print(f"{output.name}: {len(found)} cases, {output.stat().st_size} bytes")
