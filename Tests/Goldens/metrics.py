"""Classification metrics as scikit-learn computes them; writes metrics.json beside this file.

Run: python3 Tests/Goldens/metrics.py          needs: numpy, scikit-learn

Macro averages use labels=None (the classes that occur in truth or prediction) and zero_division=0; the table by class
uses all classes of the case.
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

random = numpy.random.default_rng(20240607)


def noisy(classes, count, right, weights=None):
    truth = random.choice(classes, size=count, p=weights)
    guess = random.choice(classes, size=count, p=weights)
    return truth.tolist(), numpy.where(random.random(count) < right, truth, guess).tolist()


def case(name, classes, truth, prediction):
    every = list(range(classes))
    macro = precision_recall_fscore_support(truth, prediction, average="macro", zero_division=0)
    by_class = precision_recall_fscore_support(truth, prediction, labels=every, average=None, zero_division=0)
    return {
        "name": name,
        "classes": classes,
        "truth": truth,
        "prediction": prediction,
        "confusion": confusion_matrix(truth, prediction, labels=every).tolist(),
        "accuracy": float(accuracy_score(truth, prediction)),
        "macroPrecision": float(macro[0]),
        "macroRecall": float(macro[1]),
        "macroF1": float(macro[2]),
        "precision": by_class[0].tolist(),
        "recall": by_class[1].tolist(),
        "f1": by_class[2].tolist(),
        "support": [int(count) for count in by_class[3]],
    }


skewed = [0.55, 0.2, 0.1, 0.07, 0.05, 0.02, 0.01]
cases = [
    case("binary, hand-made", 2, [0, 0, 1, 1, 1], [0, 1, 1, 1, 0]),
    case("binary, 662 examples at 77 %", 2, *noisy(2, 662, 0.54)),
    case("binary, all right", 2, [0, 1, 1, 0], [0, 1, 1, 0]),
    case("binary, all wrong", 2, [0, 1, 1, 0], [1, 0, 0, 1]),
    case("binary, one class never predicted", 2, [0, 1, 0, 1, 1], [0, 0, 0, 0, 0]),
    case("binary, one class never true", 2, [1, 1, 1, 1], [1, 0, 1, 1]),
    case("binary, one class in neither", 2, [1, 1, 1], [1, 1, 1]),
    case("one example, right", 3, [2], [2]),
    case("one example, wrong", 3, [2], [0]),
    case("three classes", 3, *noisy(3, 500, 0.6)),
    case("three classes, the last never predicted", 3, [0, 1, 2, 2, 1, 0], [0, 1, 1, 0, 1, 0]),
    case("three classes, the middle never true", 3, [0, 2, 2, 0, 2], [1, 2, 1, 0, 2]),
    case("three classes, disjoint truth and prediction", 3, [0, 0, 0], [1, 2, 1]),
    case("seven classes", 7, *noisy(7, 900, 0.5)),
    case("seven classes, skewed", 7, *noisy(7, 400, 0.3, skewed)),
    case("seven classes, four in use", 7, [0, 2, 4, 4, 0, 2], [0, 4, 4, 6, 2, 2]),
    case("seven classes, always the first", 7, noisy(7, 50, 0.0, skewed)[0], [0] * 50),
]

result = {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "cases": cases}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, separators=(",", ":")) + "\n")
