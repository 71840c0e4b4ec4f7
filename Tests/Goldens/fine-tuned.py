"""Opens a fine-tuned classifier with transformers and compares what it says with what Ensue said.

python3 Tests/Goldens/fine-tuned.py BUNDLE PREDICTIONS

PREDICTIONS is predictions.tsv of a run: truth, prediction, a probability for each class, text, of pairs also pair. Of a
model of numbers there are no probabilities. Ends with an error where a probability or a number differs by more than 1e-4,
relative, or a prediction is another one.
"""

import csv
import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

bundle, predictions = sys.argv[1:]
model = AutoModelForSequenceClassification.from_pretrained(bundle).eval()
tokenizer = AutoTokenizer.from_pretrained(bundle)
labels = [model.config.id2label[index] for index in range(model.config.num_labels)]

rows = list(csv.reader(open(predictions, encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))
header, rows = rows[0], rows[1:]
is_number = model.config.problem_type == "regression"
assert not is_number or model.config.num_labels == 1, model.config
classes = [] if is_number else [f"p({label})" for label in labels]
texts = header[2 + len(classes) :]
assert header == ["truth", "prediction"] + classes + texts and texts in (["text"], ["text", "pair"]), header
assert rows, "no predictions"
worst = 0.0
with torch.no_grad():
    for start in range(0, len(rows), 64):
        batch = rows[start : start + 64]
        columns = [[row[-len(texts) + place] for row in batch] for place in range(len(texts))]
        encoded = tokenizer(*columns, padding=True, truncation=True, return_tensors="pt")
        logits = model(**encoded).logits.double()
        for row, found in zip(batch, logits if is_number else logits.softmax(-1)):
            said = row[1:2] if is_number else row[2 : -len(texts)]
            expected = torch.tensor([float(value) for value in said], dtype=torch.float64)
            # A number may be near zero.
            scale = expected.abs().clamp(min=1) if is_number else expected
            worst = max(worst, float(((found - expected).abs() / scale).max()))
            assert is_number or labels[int(found.argmax())] == row[1], row
assert worst < 1e-4, worst
print(f"{len(rows)} {'pairs' if len(texts) == 2 else 'sentences'}, largest relative difference {worst:.2g}")
