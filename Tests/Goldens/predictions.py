"""Recomputes accuracy, macro averages and loss from a run's predictions.tsv with scikit-learn.

    python3 predictions.py RUN/predictions.tsv

The file has the columns truth, prediction, p(LABEL) for each class, text; nothing in it is quoted. Prints one JSON
object. Used by Tests/EnsueProgramTests, which compares it with `ensue evaluate --json`.
"""

import json
import math
import sys

from sklearn.metrics import accuracy_score, precision_recall_fscore_support

with open(sys.argv[1], encoding="utf-8", newline="\n") as file:
    rows = [line.rstrip("\n").split("\t") for line in file]
header, rows = rows[0], rows[1:]
labels = [name[2:-1] for name in header[2:-1]]
truth = [row[0] for row in rows]
prediction = [row[1] for row in rows]
precision, recall, f1, _ = precision_recall_fscore_support(
    truth, prediction, labels=labels, average="macro", zero_division=0
)
loss = -math.fsum(math.log(float(row[2 + labels.index(row[0])])) for row in rows) / len(rows)
print(
    json.dumps(
        {
            "accuracy": float(accuracy_score(truth, prediction)),
            "macroPrecision": float(precision),
            "macroRecall": float(recall),
            "macroF1": float(f1),
            "loss": loss,
            "count": len(rows),
        }
    )
)
