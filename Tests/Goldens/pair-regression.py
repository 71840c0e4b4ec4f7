"""Makes Tests/Goldens/pair-regression/: a tiny BERT and a tiny RoBERTa that give a number for a pair of texts, as
`save_pretrained` writes them, tables of pairs, and what transformers makes of them in ten steps of fine-tuning.

Run from the repository root:  python3 Tests/Goldens/pair-regression.py

Needs: torch, transformers, tokenizers, scipy.

    training.tsv, validation.tsv   `sentence1`, `sentence2`, `score`: five times the share of words in common. Some pairs
                                   are longer than the 40 tokens that the models have places for, and cut
                                   (`longest_first`)
    bert/, roberta/                config.json, model.safetensors (float32), tokenizer.json, tokenizer_config.json
    expected.json                  of each: `losses`, the mean squared error of each of ten steps of AdamW (0.001, weight
                                   decay 0.01 on all weights) on all training pairs at once, without dropout; `mse`,
                                   `pearson` and `spearman` of the validation pairs after each step, by SciPy; `cut`, how
                                   many training pairs are cut. Computed in float64
"""

import json
import shutil
from pathlib import Path

import torch
import transformers
from scipy.stats import pearsonr, spearmanr
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from goldenfile import generator

LENGTH = 40
WORDS = (
    "a the man woman dog child cat plays sings runs sleeps eats on in under near grass house river red small old").split()
ROOT = Path(__file__).with_suffix("")


def sentence(random):
    # Some are so long that a pair has no place.
    count = random.randint(24, 34) if random.rand() < 0.2 else random.randint(3, 12)
    return [str(word) for word in random.choice(WORDS, size=count)]


def rows(name, count):
    random = generator("pair-regression-" + name)
    found = []
    for _ in range(count):
        first = sentence(random)
        other = sentence(random)
        second = [left if random.rand() < 0.6 else right for left, right in zip(first, other)] or other
        second += other[len(second):]
        share = len(set(first) & set(second)) / len(set(first) | set(second))
        found.append((" ".join(first), " ".join(second), round(5 * share, 1)))
    lines = ["sentence1\tsentence2\tscore"] + [f"{first}\t{second}\t{score}" for first, second, score in found]
    (ROOT / f"{name}.tsv").write_text("\n".join(lines) + "\n")
    return found


def bert_tokenizer():
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = {token: index for index, token in enumerate(special + sorted(WORDS) + ["##s", "##ing"])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(special)
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token="[MASK]", model_max_length=LENGTH,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"])


def roberta_tokenizer():
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator([" ".join(WORDS)] * 3, trainers.BpeTrainer(
        vocab_size=330, special_tokens=special, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", cls_token="<s>", eos_token="</s>", sep_token="</s>",
        unk_token="<unk>", pad_token="<pad>", mask_token="<mask>", model_max_length=LENGTH)


def model(family, tokenizer, **options):
    config = getattr(transformers, f"{family}Config")(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, num_labels=1, problem_type="regression",
        pad_token_id=tokenizer.pad_token_id, **options)
    config._attn_implementation = "eager"
    made = getattr(transformers, f"{family}ForSequenceClassification")(config)
    random = generator("pair-regression-" + family)
    with torch.no_grad():
        for key, parameter in sorted(made.named_parameters()):
            is_norm = "norm" in key.lower()
            values = torch.from_numpy(random.standard_normal(tuple(parameter.shape))).float()
            scaled = values * (0.1 if parameter.dim() == 1 else 0.3)
            parameter.copy_(scaled + (1 if is_norm and key.endswith("weight") else 0))
    return made


def case(family, tokenizer, training, validation, **options):
    folder = ROOT / family.lower()
    made = model(family, tokenizer, **options)
    made.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    made = made.double().train()

    def batch(rows):
        encoded = tokenizer(
            [row[0] for row in rows], [row[1] for row in rows], truncation="longest_first", max_length=LENGTH,
            padding=True, return_tensors="pt")
        return dict(encoded), torch.tensor([row[2] for row in rows], dtype=torch.float64)

    (inputs, numbers), (others, truth) = batch(training), batch(validation)
    whole = tokenizer([row[0] for row in training], [row[1] for row in training])["input_ids"]
    found = {"losses": [], "mse": [], "pearson": [], "spearman": [], "cut": sum(len(ids) > LENGTH for ids in whole)}
    optimizer = torch.optim.AdamW(made.parameters(), lr=1e-3, weight_decay=0.01, foreach=False)
    for _ in range(10):
        optimizer.zero_grad()
        loss = made(**inputs, labels=numbers).loss
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            said = made(**others).logits[:, 0]
        found["losses"].append(loss.item())
        found["mse"].append(float(((said - truth) ** 2).mean()))
        found["pearson"].append(float(pearsonr(truth.numpy(), said.numpy()).statistic))
        found["spearman"].append(float(spearmanr(truth.numpy(), said.numpy()).statistic))
    return found


shutil.rmtree(ROOT, ignore_errors=True)
ROOT.mkdir()
training, validation = rows("training", 48), rows("validation", 24)
expected = {
    "made": f"Tests/Goldens/{Path(__file__).name}, transformers {transformers.__version__}, PyTorch {torch.__version__}",
    "bert": case("Bert", bert_tokenizer(), training, validation, max_position_embeddings=LENGTH),
    "roberta": case(
        "Roberta", roberta_tokenizer(), training, validation, max_position_embeddings=LENGTH + 2, type_vocab_size=1,
        layer_norm_eps=1e-5, bos_token_id=0, eos_token_id=2),
}
(ROOT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
for path in sorted(ROOT.rglob("*.*")):
    path.chmod(0o644)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")
print(json.dumps(expected, indent=None))
