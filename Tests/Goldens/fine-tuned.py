"""Opens a fine-tuned classifier with transformers and compares what it says with what Ensue said.

python3 Tests/Goldens/fine-tuned.py BUNDLE PREDICTIONS

PREDICTIONS is predictions.tsv of a run: truth, prediction, a probability for each class, text. Ends with an error where a
probability differs by more than 1e-4, relative, or a prediction is another one.
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
assert header == ["truth", "prediction"] + [f"p({label})" for label in labels] + ["text"], header
assert rows, "no predictions"
worst = 0.0
with torch.no_grad():
    for start in range(0, len(rows), 64):
        batch = rows[start : start + 64]
        encoded = tokenizer([row[-1] for row in batch], padding=True, truncation=True, return_tensors="pt")
        probabilities = model(**encoded).logits.double().softmax(-1)
        for row, found in zip(batch, probabilities):
            expected = torch.tensor([float(value) for value in row[2:-1]], dtype=torch.float64)
            worst = max(worst, float(((found - expected).abs() / expected).max()))
            assert labels[int(found.argmax())] == row[1], row
assert worst < 1e-4, worst
print(f"{len(rows)} sentences, largest relative difference {worst:.2g}")
