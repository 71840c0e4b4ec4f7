"""Pre-trains a small encoder of each family from scratch, to have something to fine-tune where the Hub cannot be reached.

python3 Scripts/small-checkpoints.py OUT [--steps N] [--families bert,roberta,…]       needs: torch, transformers
ENSUE_DATA names the data folder

A family gets a tokenizer of its kind (WordPiece, byte-level pairs, unigrams; 4,000 ids) and four layers of 128, both made
from the training texts of MR and from the film reviews of Pang and Lee (2004), without any label: the 662 test sentences
of MR are not among them. The task is the masked language model of Devlin et al. (2019), for ELECTRA too: 15 % of the
tokens are predicted, of which 80 % are masked and 10 % replaced. One thread, one seed: the same folders every time on the
same machine. OUT/FAMILY is what `save_pretrained` writes; one that is there is not made again.
"""

import argparse
import os
import random
import time
from pathlib import Path

import torch
import transformers
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

VOCABULARY, LENGTH, BATCH, RATE = 4_000, 48, 64, 1e-3
SIZES = dict(vocab_size=VOCABULARY, max_position_embeddings=128)
USUAL = dict(hidden_size=128, num_hidden_layers=4, num_attention_heads=4, intermediate_size=512)
BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
# The class's name, its sizes, the kind of its tokenizer, and the head of its masked language model.
FAMILIES = {
    "bert": ("Bert", USUAL, "wordpiece", lambda model: model.cls),
    "roberta": ("Roberta", USUAL | dict(max_position_embeddings=130), "bytes", lambda model: model.lm_head),
    "xlm-roberta": ("XLMRoberta", USUAL | dict(max_position_embeddings=130), "fairseq", lambda model: model.lm_head),
    "distilbert": ("DistilBert", dict(dim=128, n_layers=4, n_heads=4, hidden_dim=512), "wordpiece", lambda model: (
        lambda states: model.vocab_projector(model.vocab_layer_norm(model.activation(model.vocab_transform(states)))))),
    "albert": ("Albert", USUAL | dict(embedding_size=64), "unigram", lambda model: model.predictions),
    "electra": ("Electra", USUAL | dict(embedding_size=64), "wordpiece", lambda model: (
        lambda states: model.generator_lm_head(model.generator_predictions(states)))),
}


def sentences(data):
    """The first 5,000 sentences of each of MR's files, and the lines of the reviews."""
    found = []
    for name in ["rt-polarity.pos", "rt-polarity.neg"]:
        found += (data / "slp-labs/MR" / name).read_text(encoding="utf-8").split("\n")[:5_000]
    for path in sorted((data / "sentiment/movie_reviews").glob("*.t*")):
        for line in path.read_text(encoding="utf-8").splitlines():
            found += line.split("\t")[-1].split("\\n")
    return [line.strip() for line in found if line.strip()]


def wordpiece(texts):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.train_from_iterator(
        texts, trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=BERT, show_progress=False))
    return surrounded(tokenizer, "[CLS]", "[SEP]", 1), BERT


def byte_pairs(texts):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ROBERTA[:4] + [AddedToken("<mask>", lstrip=True, special=True)]
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False))
    ends = [(token, tokenizer.token_to_id(token)) for token in ["</s>", "<s>"]]
    tokenizer.post_processor = processors.RobertaProcessing(*ends, add_prefix_space=False)
    return tokenizer, ROBERTA


def unigram(texts, special, unknown, first, last, second):
    tokenizer = Tokenizer(models.Unigram())
    steps = [normalizers.NFKC(), normalizers.Lowercase()]
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.Sequence(steps), pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.train_from_iterator(texts, trainers.UnigramTrainer(
        vocab_size=VOCABULARY, special_tokens=special, unk_token=unknown, show_progress=False))
    return surrounded(tokenizer, first, last, second), special


def surrounded(tokenizer, first, last, second):
    """The special tokens around a text, and around a pair: BERT's, or RoBERTa's with two between and no types."""
    between = f"{last}:0" if second else f"{last}:0 {last}:0"
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}", pair=f"{first} $A {between} $B:{second} {last}:{second}",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in (first, last)])
    return tokenizer


def tokenizer(kind, texts, hasTypes):
    made, special = {
        "wordpiece": lambda: wordpiece(texts), "bytes": lambda: byte_pairs(texts),
        "unigram": lambda: unigram(texts, BERT, "[UNK]", "[CLS]", "[SEP]", 1),
        "fairseq": lambda: unigram(texts, ROBERTA, "<unk>", "<s>", "</s>", 0)}[kind]()
    roles = ["pad", "unk", "cls", "sep", "mask"] if special is BERT else ["cls", "pad", "sep", "unk", "mask"]
    inputs = ["input_ids"] + (["token_type_ids"] if hasTypes else []) + ["attention_mask"]
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, model_max_length=128, model_input_names=inputs,
        **{f"{role}_token": token for role, token in zip(roles, special)})


def batches(rows, source):
    """Batches of similar length without end, in an order that the seed says."""
    while True:
        order = sorted(source.sample(range(len(rows)), len(rows)), key=lambda index: len(rows[index]))
        starts = list(range(0, len(order) - BATCH + 1, BATCH))
        source.shuffle(starts)
        for start in starts:
            yield [rows[index] for index in order[start : start + BATCH]]


def masked(batch, tokens):
    """Ids with some masked, where they are to be predicted, and the ids that stood there."""
    ids = torch.nn.utils.rnn.pad_sequence(
        [torch.tensor(row) for row in batch], batch_first=True, padding_value=tokens.pad_token_id)
    special = torch.isin(ids, torch.tensor(tokens.all_special_ids))
    chosen = (torch.rand(ids.shape) < 0.15) & ~special
    wanted, what = ids[chosen], torch.rand(ids.shape)
    seen = torch.where(chosen & (what < 0.8), tokens.mask_token_id, ids)
    seen = torch.where(chosen & (what >= 0.9), torch.randint(5, VOCABULARY, ids.shape), seen)
    return seen, (ids != tokens.pad_token_id).long(), chosen, wanted


def train(name, texts, out, steps):
    family, sizes, kind, head = FAMILIES[name]
    torch.manual_seed(1)
    tokens = tokenizer(kind, texts, name not in ("distilbert", "roberta", "xlm-roberta"))
    config = getattr(transformers, f"{family}Config")(
        **(SIZES | sizes), pad_token_id=tokens.pad_token_id, bos_token_id=tokens.cls_token_id,
        eos_token_id=tokens.sep_token_id, **({"type_vocab_size": 1} if kind in ("bytes", "fairseq") else {}))
    model = getattr(transformers, f"{family}ForMaskedLM")(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    warmup = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warmup, (steps - step) / max(1, steps - warmup)))
    rows = [ids for ids in tokens(texts, truncation=True, max_length=LENGTH)["input_ids"] if len(ids) > 4]
    source, losses, start = batches(rows, random.Random(1)), [], time.monotonic()
    for step in range(steps):
        seen, mask, chosen, wanted = masked(next(source), tokens)
        states = model.base_model(input_ids=seen, attention_mask=mask).last_hidden_state
        loss = torch.nn.functional.cross_entropy(head(model)(states[chosen]), wanted)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if (step + 1) % 100 == 0 or step + 1 == steps:
            last = losses[-100:]
            print(f"{name} {step + 1}: {sum(last) / len(last):.3f} nats, {time.monotonic() - start:.0f} s", flush=True)
    model.save_pretrained(out / name)
    tokens.save_pretrained(out / name)
    print(f"{name}: {sum(p.numel() for p in model.base_model.parameters()):,} weights in {out / name}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--families", default=",".join(FAMILIES))
    arguments = parser.parse_args()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    torch.set_num_threads(1)
    texts = sentences(Path(os.environ["ENSUE_DATA"]))
    print(f"{len(texts):,} sentences", flush=True)
    for name in arguments.families.split(","):
        if (arguments.out / name / "tokenizer.json").exists():
            print(f"{arguments.out / name} is there", flush=True)
            continue
        train(name, texts, arguments.out, arguments.steps)


if __name__ == "__main__":
    main()
