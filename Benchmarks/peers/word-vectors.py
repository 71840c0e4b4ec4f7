"""The Python side of `word-vectors`: loading a GloVe text file of 400,000 x 50 into a matrix and a word index.

The loop people write: for each line the word goes into a dictionary and the numbers, parsed by NumPy (--method
fromstring, the default) or by `float` on the split line (--method float), into a row of a float32 matrix. Seconds for
the whole file, which is in the page cache; a block is one load, whatever --seconds says. The loop runs on one thread.

    python3 Benchmarks/peers/word-vectors.py [--path FILE] [--method fromstring|float] [--serve]

FILE is written by make-vectors.py if it is absent (default: ensue-benchmarks/vectors-400000x50.txt in the system's
folder for temporary files).
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import peer

ROWS, DIMENSION = 400000, 50


def load(numpy, path, method):
    """(word index, matrix) of a GloVe file with ROWS lines."""
    index = {}
    matrix = numpy.empty((ROWS, DIMENSION), numpy.float32)
    with open(path, encoding="utf-8") as file:
        if method == "fromstring":
            for row, line in enumerate(file):
                word, _, numbers = line.partition(" ")
                index[word] = row
                matrix[row] = numpy.fromstring(numbers, dtype=numpy.float32, sep=" ")
        else:
            for row, line in enumerate(file):
                word, *numbers = line.split()
                index[word] = row
                matrix[row] = [float(number) for number in numbers]
    return index, matrix


def main():
    parser = peer.options("word-vectors", __doc__)
    default = Path(tempfile.gettempdir()) / "ensue-benchmarks" / f"vectors-{ROWS}x{DIMENSION}.txt"
    parser.add_argument("--path", type=Path, default=default, help="the vector file, made if absent")
    parser.add_argument("--method", choices=["fromstring", "float"], default="fromstring")
    arguments = peer.parse(parser)
    arguments.threads = 1
    try:
        import numpy
    except ImportError:
        peer.fail(69, "NumPy is not installed for this Python. Install the package `numpy`, or set "
                  "ENSUE_PEER_PYTHON to a Python that has it.")
    if not arguments.path.exists():
        maker = Path(__file__).with_name("make-vectors.py")
        subprocess.run(
            [sys.executable, maker, arguments.path, "--rows", str(ROWS), "--dimension", str(DIMENSION)], check=True)

    def block():
        start = time.perf_counter()
        index, matrix = load(numpy, arguments.path, arguments.method)
        seconds = time.perf_counter() - start
        if len(index) != ROWS:
            peer.fail(65, f"{arguments.path}: expected {ROWS} words, found {len(index)}. Remove it to make it anew.")
        return {"seconds": seconds, "unit": "seconds"}

    def readOnce():
        with open(arguments.path, "rb") as file:
            while file.read(1 << 22):
                pass

    version = f"Python {sys.version.split()[0]}, NumPy {numpy.__version__}"
    peer.measure(arguments, block, version, readOnce)


main()
