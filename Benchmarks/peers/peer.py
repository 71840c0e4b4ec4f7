"""What every peer of this folder shares: options, timing, the alternation protocol. Not a program of its own.

A workload is measured in blocks. `python3 Benchmarks/peers/<workload>.py --threads 2 --seconds 8` warms up, measures
one block of 8 seconds and prints one JSON line. With --serve it warms up, prints `ready`, and for each line `run` on
standard input measures one block (--seconds, default 2) and prints one JSON line; `quit` or the end of input ends it.
So the harness can let the peer and Ensue take turns in one run and compare medians.

The line has `workload`, `unit`, `threads`, `version` (of PyTorch, or of what does the work), `tokensPerSecond` or
`seconds` or both, and `preemptions`, how often the block lost a core to something else. A peer that measures several
things has `rows` too, an object from the row of the table to its figure in that row's unit; `remark` is a sentence the
harness passes on. Only this line goes to standard output; what is said besides goes to standard error.
"""

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def fail(status, text):
    """One line on standard error, then the exit status (65 bad input, 66 input missing, 69 peer not installed)."""
    print(f"error: {text}", file=sys.stderr)
    sys.exit(status)


def options(workload, about, data=False):
    """The parser of a peer's options; a workload adds its own before calling `parse`."""
    parser = argparse.ArgumentParser(
        prog=f"{workload}.py", description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.set_defaults(workload=workload)
    parser.add_argument("--threads", type=int, default=2, help="threads to compute with (default 2)")
    parser.add_argument("--seconds", type=float, help="length of a measured block (default 8; with --serve 2)")
    parser.add_argument("--serve", action="store_true", help="answer `run` lines until `quit`")
    if data:
        default = os.environ.get("ENSUE_DATA", str(REPOSITORY.parent / "shared" / "data"))
        parser.add_argument(
            "--data", type=Path, default=Path(default), metavar="DIR",
            help="folder with slp-labs/MR, or MR itself (default: $ENSUE_DATA, else ../shared/data)")
    return parser


def parse(parser):
    arguments = parser.parse_args()
    if arguments.threads < 1:
        parser.error("--threads takes a whole number of 1 or more")
    if arguments.seconds is None:
        arguments.seconds = 2.0 if arguments.serve else 8.0
    return arguments


def loadTorch(arguments):
    """PyTorch on the asked number of threads, seeded."""
    # Read by the OpenMP runtime when PyTorch loads it; set_num_threads alone leaves its pool larger.
    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    os.environ["MKL_NUM_THREADS"] = str(arguments.threads)
    try:
        import torch
    except ImportError:
        fail(69, "PyTorch is not installed for this Python. Install the packages `torch` and `numpy`, or set "
             "ENSUE_PEER_PYTHON to a Python that has them.")
    torch.set_num_threads(arguments.threads)
    torch.set_num_interop_threads(1)
    torch.manual_seed(1)
    return torch


def repeated(step, seconds):
    """A block: `step()`, which returns how many tokens it took, until the time is over. Gives tokens per second."""
    tokens, start, elapsed = 0, time.perf_counter(), 0.0
    while elapsed < seconds:
        tokens += step()
        elapsed = time.perf_counter() - start
    return {"tokensPerSecond": tokens / elapsed, "unit": "tokens/s"}


def preemptions():
    """How often the system took a core from this process: many in a block, and the machine was not quiet."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw


def measure(arguments, block, version, warmUp):
    """Warms up, then measures `block()` (a dictionary of figures): once, or at every `run` line with --serve."""

    def line():
        before = preemptions()
        figures = block()
        figures["preemptions"] = preemptions() - before
        print(json.dumps({
            "workload": arguments.workload, **figures, "threads": arguments.threads, "version": version}), flush=True)

    warmUp()
    if not arguments.serve:
        line()
        return
    print("ready", flush=True)
    for command in sys.stdin:
        command = command.strip()
        if command == "quit":
            return
        if command == "run":
            line()
        elif command:
            fail(64, f"{arguments.workload}: expected `run` or `quit`, found {command[:40]!r}.")


def measureSteps(arguments, torch, step):
    """Measures a training step: one second of warm-up, then blocks of --seconds."""
    measure(
        arguments, lambda: repeated(step, arguments.seconds), f"PyTorch {torch.__version__}",
        lambda: repeated(step, 1.0))


def adam(torch, model, rate=1e-3):
    """Adam over the trained parameters, in PyTorch's fused form where there is one: the faster for the peer."""
    return torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=rate, fused=True)


def sgd(torch, model, rate):
    """Gradient descent in PyTorch's fused form, the faster for the peer."""
    return torch.optim.SGD(model.parameters(), lr=rate, fused=True)


def randomIds(symbols, count):
    """`count` numbers below `symbols`, those that Ensue draws (Knuth's 64-bit linear congruential generator)."""
    ids, state = [], 1
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        ids.append((state >> 33) % symbols)
    return ids
