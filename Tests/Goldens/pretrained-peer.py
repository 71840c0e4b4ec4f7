"""Opens a folder that Ensue wrote with transformers, and prints as JSON what the classifier in it says.

    python3 Tests/Goldens/pretrained-peer.py FOLDER < texts

Texts are a line each; a tab divides a pair. Prints `labels`, and for every line `ids` and `logits`. It makes no golden: the
tests ask it where Python has transformers.
"""

import json
import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

folder = sys.argv[1]
tokenizer = AutoTokenizer.from_pretrained(folder)
model, loading = AutoModelForSequenceClassification.from_pretrained(folder, output_loading_info=True)
if any(loading[key] for key in ["missing_keys", "unexpected_keys", "mismatched_keys"]):
    raise SystemExit(f"weights that do not belong: {loading}")
model.eval()
found = []
for line in sys.stdin.read().splitlines():
    batch = tokenizer(*line.split("\t"), truncation=True, return_tensors="pt")
    keys = {"input_ids", "attention_mask"} | ({"token_type_ids"} if model.config.model_type != "distilbert" else set())
    with torch.no_grad():
        logits = model(**{key: value for key, value in batch.items() if key in keys}).logits[0].double()
    found.append({"ids": batch["input_ids"][0].tolist(), "logits": logits.tolist()})
labels = [model.config.id2label[index] for index in range(model.config.num_labels)]
json.dump({"labels": labels, "texts": found}, sys.stdout)
