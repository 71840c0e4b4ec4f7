"""Makes the folders of Tests/Goldens/pretrained-decoders, as transformers writes them, and what their models say.

Run from the repository root:  python3 Tests/Goldens/pretrained-decoders.py

Language models with random weights: `gpt2` (vocab.json and merges.txt, an inner size of its own), `gpt2-shards` (untied,
GELU, shards and an index), `llama` (grouped keys, tokenizer.json with <s> before texts), `llama-bf16` (tied, biases,
base 500, stored in bfloat16), `mistral` (a SentencePiece model; a sliding window of 12 within 32 positions).

In pretrained-decoders.safetensors, `<name>/…`: `lengths`, `ids` (one sequence after another), `logits` [ids, vocabulary]
in float32, `prompt`, `greedy` (24 ids that follow it, of `mistral` 8, without an end). `llama-bf16` is computed in float32 from the
rounded weights.

Tokenizers by themselves, `tokenizer-…`: the files before tokenizer.json with settings beside them. In
pretrained-decoders.json for every folder: `texts`, and of each its ids with special tokens, by AutoTokenizer from the
folder; of encoders also of `pairs`, and ids cut to 12 (`longest_first`).
"""

import io
import json
import shutil
from pathlib import Path

import sentencepiece
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    AutoTokenizer, GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM,
)

from goldenfile import generator, save

FOLDER = Path(__file__).with_suffix("")
CORPUS = [
    "The film was good, and the plot was not bad at all.", "A film of the sea: the waves, the boats, the bad weather!",
    "Was the food good? The food was not good, the soup was cold.", "She read the book in a day; he read it in a year.",
    "Über den Wolken, sagt sie, sei die Freiheit größer.", "In 1999 there were 12 boats and 7 books.",
] * 4
TEXTS = [
    "", "The film", "the plot was not bad at all", "  two  spaces ", "Café naïve, ÜBER größer", "日本 12 boats!\n",
    "unseen: zyx Qq \U0001F600", "<s> the mask <mask> and [MASK] </s>", "a film of the sea " * 6,
]
PAIRS = [("The film was good", "was the food good?"), ("a", "the waves, the boats, the bad weather and the cold soup")]
tensors, texts = {}, {}


def folder(name):
    path = FOLDER / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def write(path, value):
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def byte_pairs(path, size, special):
    """vocab.json and merges.txt of byte-level pairs."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=size, special_tokens=special, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.model.save(str(path))
    return tokenizer.get_vocab_size()


def sentence_piece(path, kind, size, **options):
    output = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_writer=output, vocab_size=size, model_type=kind,
        hard_vocab_limit=False, minloglevel=2, num_threads=1, **options)
    path.write_bytes(output.getvalue())
    return sentencepiece.SentencePieceProcessor(model_proto=output.getvalue()).get_piece_size()


def llama_tokenizer(path):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    alphabet = [f"<0x{byte:02X}>" for byte in range(256)]
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=340, special_tokens=["<unk>", "<s>", "</s>"] + alphabet, show_progress=False))
    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = data["added_tokens"][:3]
    tokenizer = Tokenizer.from_str(json.dumps(data))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.save(str(path / "tokenizer.json"))
    write(path / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>",
        "model_max_length": 1000000000000000019884624838656})
    return tokenizer.get_vocab_size()


def language_model(name, path, model, rounded=None, count=24, **options):
    random = generator(name)
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            values = torch.from_numpy(random.standard_normal(tuple(parameter.shape))).float()
            parameter.copy_(values * 0.3 + (1 if key.endswith(".weight") and ("ln_" in key or "norm" in key) else 0))
    (model.to(rounded) if rounded else model).save_pretrained(path, **options)
    # Read anew: what was rounded with the model but is not stored, the frequencies, is not rounded.
    model = type(model).from_pretrained(path, dtype=torch.float32).eval()
    size, lengths = model.config.vocab_size, [5, 9, 1, 7]
    ids = [torch.from_numpy(random.randint(0, size, length)) for length in lengths]
    prompt = torch.from_numpy(random.randint(0, size, 4))
    with torch.no_grad():
        logits = torch.cat([model(x[None], use_cache=False).logits[0] for x in ids])
        # By hand, so that no end ends it and nothing is cached.
        written = prompt
        for _ in range(count):
            scores = model(written[None], use_cache=False).logits[0, -1]
            best = scores.topk(2).values
            assert best[0] - best[1] > 1e-3 * best[0].abs(), f"{name}: two continuations are equally likely"
            written = torch.cat([written, scores.argmax()[None]])
    tensors.update({
        f"{name}/lengths": torch.tensor(lengths), f"{name}/ids": torch.cat(ids), f"{name}/logits": logits,
        f"{name}/prompt": prompt, f"{name}/greedy": written[len(prompt):]})


def encodings(name, pairs=False):
    tokenizer = AutoTokenizer.from_pretrained(FOLDER / name)
    found = {"texts": [[text, tokenizer(text)["input_ids"]] for text in TEXTS]}
    if pairs:
        cut = dict(truncation="longest_first", max_length=12)
        found["pairs"] = [[*pair, tokenizer(*pair)["input_ids"], tokenizer(*pair, **cut)["input_ids"]] for pair in PAIRS]
        found["cut"] = [[text, tokenizer(text, **cut)["input_ids"]] for text in TEXTS]
    texts[name] = found


def decoders_of_all_kinds():
    path = folder("gpt2")
    size = byte_pairs(path, 300, ["<|endoftext|>"])
    language_model("gpt2", path, GPT2LMHeadModel(GPT2Config(
        vocab_size=size, n_positions=48, n_embd=12, n_layer=2, n_head=3, n_inner=20)))
    path = folder("gpt2-shards")
    size = byte_pairs(path, 280, ["<|endoftext|>"])
    language_model("gpt2-shards", path, GPT2LMHeadModel(GPT2Config(
        vocab_size=size + 3, n_positions=32, n_embd=8, n_layer=2, n_head=2, activation_function="gelu",
        tie_word_embeddings=False)), max_shard_size="9KB")
    path = folder("llama")
    size = llama_tokenizer(path)
    language_model("llama", path, LlamaForCausalLM(LlamaConfig(
        vocab_size=size, hidden_size=12, intermediate_size=20, num_hidden_layers=2, num_attention_heads=3,
        num_key_value_heads=1, max_position_embeddings=40, rms_norm_eps=1e-5)))
    path = folder("llama-bf16")
    size = llama_tokenizer(path)
    language_model("llama-bf16", path, LlamaForCausalLM(LlamaConfig(
        vocab_size=size, hidden_size=16, intermediate_size=12, num_hidden_layers=3, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=64, tie_word_embeddings=True, attention_bias=True, mlp_bias=True,
        rope_parameters={"rope_type": "default", "rope_theta": 500.0})), torch.bfloat16)
    path = folder("mistral")
    size = sentence_piece(path / "tokenizer.model", "bpe", 340, byte_fallback=True, add_dummy_prefix=True,
                          remove_extra_whitespaces=False, normalization_rule_name="identity")
    write(path / "tokenizer_config.json", {
        "tokenizer_class": "LlamaTokenizer", "add_bos_token": True, "bos_token": "<s>", "eos_token": "</s>",
        "unk_token": "<unk>", "legacy": False})
    language_model("mistral", path, MistralForCausalLM(MistralConfig(
        vocab_size=size, hidden_size=12, intermediate_size=16, num_hidden_layers=2, num_attention_heads=3,
        num_key_value_heads=3, max_position_embeddings=32, sliding_window=12)), count=8)
    for name in ["gpt2", "gpt2-shards", "llama", "llama-bf16", "mistral"]:
        encodings(name)


def tokenizers():
    words = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    words.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
    words.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    words.train_from_iterator(CORPUS + [text.lower() for text in CORPUS], trainers.WordPieceTrainer(
        vocab_size=200, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
    vocabulary = sorted(words.get_vocab().items(), key=lambda entry: entry[1])
    lines = "".join(f"{token}\n" for token, _ in vocabulary)
    settings = {
        "lower": {"do_lower_case": True}, "cased": {"do_lower_case": False, "tokenize_chinese_chars": False},
        "accents": {"do_lower_case": True, "strip_accents": False, "model_max_length": 9},
        "named": {"do_lower_case": False},
    }
    for name, setting in settings.items():
        path = folder(f"tokenizer-bert-{name}")
        special = lines.replace("[CLS]", "<start>").replace("[SEP]", "<stop>") if name == "named" else lines
        (path / "vocab.txt").write_text(special)
        write(path / "tokenizer_config.json", {"tokenizer_class": "BertTokenizer", **setting})
        if name == "named":
            write(path / "special_tokens_map.json", {
                "cls_token": "<start>", "sep_token": {
                    "content": "<stop>", "lstrip": False, "normalized": False, "rstrip": False, "single_word": False}})
        write(path / "config.json", {"model_type": "bert"})
        encodings(path.name, pairs=True)
    path = folder("tokenizer-roberta")
    byte_pairs(path, 300, ["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    write(path / "tokenizer_config.json", {"tokenizer_class": "RobertaTokenizer"})
    write(path / "config.json", {"model_type": "roberta"})
    encodings(path.name, pairs=True)
    path = folder("tokenizer-xlm-roberta")
    sentence_piece(path / "sentencepiece.bpe.model", "unigram", 120, normalization_rule_name="identity")
    write(path / "tokenizer_config.json", {"tokenizer_class": "XLMRobertaTokenizer"})
    write(path / "config.json", {"model_type": "xlm-roberta"})
    encodings(path.name, pairs=True)


if __name__ == "__main__":
    decoders_of_all_kinds()
    tokenizers()
    for file in FOLDER.rglob("generation_config.json"):
        file.unlink()
    save(__file__, tensors)
    output = Path(__file__).with_suffix(".json")
    output.write_text(json.dumps(texts, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{output.name}: {output.stat().st_size} bytes")
