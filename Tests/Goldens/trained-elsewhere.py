"""Fine-tunes a classifier with transformers, saves it, and writes what it says of other sentences.

    python3 Tests/Goldens/trained-elsewhere.py ENCODER TRAINING TEST OUT

TRAINING and TEST are tables with the columns text and label; the labels are those of ENCODER's config.json. 20 steps of
AdamW (0.01) on batches of 32. OUT gets the folder that `save_pretrained` writes of model and tokenizer, and in it
said.tsv: of each sentence of TEST the label and its probability. Prints the number of right labels. It makes no golden: a
test reads the folder.
"""

import csv
import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

encoder, training, test, out = sys.argv[1:]
torch.manual_seed(1)
torch.set_num_threads(1)
tokenizer = AutoTokenizer.from_pretrained(encoder)
model = AutoModelForSequenceClassification.from_pretrained(encoder).train()
names = model.config.id2label


def read(path):
    rows = list(csv.DictReader(open(path, encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row["text"] for row in rows], torch.tensor([model.config.label2id[row["label"]] for row in rows])


texts, labels = read(training)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
for step in range(20):
    rows = [(step * 32 + row) % len(texts) for row in range(32)]
    batch = tokenizer([texts[row] for row in rows], padding=True, return_tensors="pt")
    optimizer.zero_grad()
    model(**batch, labels=labels[rows]).loss.backward()
    optimizer.step()
model.eval()
model.save_pretrained(out)
tokenizer.save_pretrained(out)
texts, labels = read(test)
right = 0
with torch.no_grad(), open(f"{out}/said.tsv", "w", encoding="utf-8") as file:
    for text, label in zip(texts, labels):
        probabilities = model(**tokenizer(text, return_tensors="pt")).logits[0].double().softmax(0)
        best = int(probabilities.argmax())
        right += best == int(label)
        file.write(f"{names[best]}\t{float(probabilities[best]):.9g}\n")
print(right)
