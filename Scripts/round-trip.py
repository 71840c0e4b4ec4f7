"""A model fine-tuned here and opened by transformers, and one fine-tuned by transformers and opened here: whether both say
the same of every test sentence of MR.

python3 Scripts/round-trip.py ENSUE MODEL OUT [--threads N] [--steps N] [--epochs N]       needs: torch, transformers
ENSUE_DATA names the data folder

ENSUE is the program, MODEL a folder of the Hub with an encoder. OUT/ours is Ensue's run (it is not made again where it is),
OUT/theirs what `save_pretrained` wrote after N steps of AdamW (5e-5, a tenth of warm-up, linear decay, batches of 32,
clipping at 1). Ends with an error where a prediction differs or a probability by more than 1e-4.
"""

import argparse
import csv
import json
import math
import os
import random
import subprocess
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

LABELS = ["negative", "positive"]


def sentences(data, part):
    """Sentences and classes: the first 5,000 of each file train, the others test, as Ensue divides them."""
    found = []
    for label, name in [(1, "rt-polarity.pos"), (0, "rt-polarity.neg")]:
        lines = [line.strip() for line in (data / name).read_text(encoding="utf-8").split("\n") if line.strip()]
        found += [(line, label) for line in (lines[:5_000] if part == "training" else lines[5_000:])]
    return found


def probabilities(folder, texts):
    """What transformers says, in padded batches of 64."""
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokenizer, rows = AutoTokenizer.from_pretrained(folder), []
    assert [model.config.id2label[index] for index in range(2)] == LABELS, model.config.id2label
    with torch.inference_mode():
        for start in range(0, len(texts), 64):
            batch = tokenizer(texts[start : start + 64], padding=True, truncation=True, return_tensors="pt")
            rows += model(**batch).logits.double().softmax(-1).tolist()
    return rows


def compare(title, ours, theirs, truth):
    """Predictions have to be the same, probabilities within 1e-4."""
    assert len(ours) == len(theirs) == len(truth)
    best = lambda row: max(range(len(row)), key=row.__getitem__)
    different = sum(best(a) != best(b) for a, b in zip(ours, theirs))
    gap = max(abs(x - y) for a, b in zip(ours, theirs) for x, y in zip(a, b))
    nearest = min(abs(row[0] - row[1]) for row in theirs)
    right = sum(best(row) == label for row, label in zip(ours, truth)) / len(truth)
    error = math.sqrt(right * (1 - right) / len(truth))
    print(
        f"{title}: {len(truth)} sentences, {different} predictions differ, probabilities by at most {gap:.2g} (the two"
        f" classes' nearest to each other are {nearest:.2g} apart); accuracy {right:.4f} ± {error:.4f}", flush=True)
    assert different == 0 and gap < 1e-4
    return right


def train(model, data, out, steps):
    """Fine-tunes by transformers and PyTorch alone."""
    torch.manual_seed(1)
    tokenizer = AutoTokenizer.from_pretrained(model)
    model = AutoModelForSequenceClassification.from_pretrained(
        model, num_labels=2, id2label=dict(enumerate(LABELS)), label2id={label: id for id, label in enumerate(LABELS)})
    rows, source = sentences(data, "training"), random.Random(1)
    source.shuffle(rows)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-5, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / max(1, steps // 10), (steps - step) / (steps - steps // 10)))
    model.train()
    for step in range(steps):
        texts, labels = zip(*(rows[(step * 32 + index) % len(rows)] for index in range(32)))
        batch = tokenizer(list(texts), padding=True, truncation=True, return_tensors="pt")
        loss = model(**batch, labels=torch.tensor(labels)).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimizer.step()
        schedule.step()
        if (step + 1) % 50 == 0:
            print(f"step {step + 1}: loss {loss.item():.3f}", flush=True)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ensue")
    parser.add_argument("model")
    parser.add_argument("out", type=Path)
    for name, value in [("threads", 1), ("steps", 250), ("epochs", 1)]:
        parser.add_argument(f"--{name}", type=int, default=value)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    data, out, threads = Path(os.environ["ENSUE_DATA"]) / "slp-labs/MR", arguments.out, str(arguments.threads)

    def ensue(*words, **options):
        line = [arguments.ensue, *map(str, words), "--threads", threads]
        return subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True, **options).stdout

    test = sentences(data, "test")
    texts, truth = map(list, zip(*test))
    ensue("train", "classify", "--from", arguments.model, "--dataset", "mr", "--data", data, "--epochs",
          arguments.epochs, "--quiet", "--out", out / "ours")
    with open(out / "ours/predictions.tsv", encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    ours, classes = [[float(value) for value in row[2:4]] for row in rows], [LABELS.index(row[0]) for row in rows]
    assert sorted(zip([row[4] for row in rows], classes)) == sorted(test), "other sentences than Ensue's"
    compare("fine-tuned by Ensue", ours, probabilities(out / "ours/bundle", [row[4] for row in rows]), classes)

    train(arguments.model, data, out / "theirs", arguments.steps)
    said = [json.loads(line)["probabilities"] for line in
            ensue("predict", out / "theirs", "--json", input="".join(text + "\n" for text in texts)).splitlines()]
    said = [[row[label] for label in LABELS] for row in said]
    right = compare("fine-tuned by transformers", said, probabilities(out / "theirs", texts), truth)
    measured = json.loads(ensue("evaluate", out / "theirs", "--dataset", "mr", "--data", data, "--json"))
    print(f"ensue evaluate: accuracy {measured['accuracy']:.4f}")
    assert abs(measured["accuracy"] - right) < 1e-9


main()
