"""Measures of predicted numbers as SciPy computes them; writes regression-metrics.json beside this file.

Run: python3 Tests/Goldens/regression-metrics.py          needs: numpy, scipy

A case has `truth`, `prediction`, `mse`, `pearson`, `spearman`; a correlation that SciPy does not define is null.
"""

import json
import pathlib
import warnings

import numpy
import scipy
from scipy.stats import pearsonr, spearmanr

random = numpy.random.default_rng(20261129)


def correlation(function, truth, prediction):
    if len(truth) < 2:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = float(function(truth, prediction).statistic)
    return value if numpy.isfinite(value) else None


def case(name, truth, prediction):
    truth, prediction = [float(value) for value in truth], [float(value) for value in prediction]
    return {
        "name": name, "truth": truth, "prediction": prediction,
        "mse": float(numpy.mean((numpy.array(truth) - numpy.array(prediction)) ** 2)),
        "pearson": correlation(pearsonr, truth, prediction),
        "spearman": correlation(spearmanr, truth, prediction),
    }


def noisy(count, noise, scale=1.0, offset=0.0):
    truth = random.uniform(0, 5, count) * scale + offset
    return truth, truth + random.normal(0, noise * scale, count)


halves = random.integers(0, 11, 60) / 2
cases = [
    case("close", *noisy(50, 0.3)),
    case("far", *noisy(40, 4)),
    case("large numbers", *noisy(30, 0.5, scale=1000, offset=10000)),
    case("small numbers", *noisy(30, 0.5, scale=1e-6)),
    case("reversed", range(12), [-value for value in range(12)]),
    case("a curve", range(1, 13), [value**3 for value in range(1, 13)]),
    case("ties in the truth", halves, halves + random.normal(0, 1, 60)),
    case("ties in both", halves, numpy.round(halves + random.normal(0, 1, 60))),
    case("mostly ties", [1] * 9 + [2], [1] * 5 + [3] * 5),
    case("equal", [0.1, 0.2, 0.3], [0.1, 0.2, 0.3]),
    case("two", [1, 2], [5, 3]),
    case("constant prediction", [1, 2, 3, 4], [0.1] * 4),
    case("constant truth", [0.1] * 5, [1, 2, 3, 4, 5]),
    case("both constant", [0.3] * 7, [0.3] * 7),
    case("one", [2], [3]),
]
made = f"Tests/Goldens/{pathlib.Path(__file__).name}, SciPy {scipy.__version__}, NumPy {numpy.__version__}"
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"made": made, "cases": cases}, indent=1) + "\n")
print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")
