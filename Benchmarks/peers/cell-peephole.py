"""PyTorch's side of `cell-peephole`: a peephole LSTM of 128 that PyTorch does not have, input 128, batch 64, 40 steps.

    i = sigmoid(W_i x + U_i h + p_i * c + b_i)       c' = f * c + i * tanh(W_g x + U_g h + b_g)
    f = sigmoid(W_f x + U_f h + p_f * c + b_f)       o = sigmoid(W_o x + U_o h + p_o * c' + b_o)
                                                     h' = o * tanh(c')
Written in PyTorch's operations, a loop over the steps with the maps of all gates taken at once. (Taking those of the
inputs over all steps beforehand, or input and state joined, was no faster.) Last state, linear to 2, cross entropy,
Adam 1e-3; random inputs that need no gradient. Counts 64 * 40 tokens a step.

The line's `rows` has the cell (`cell-peephole`), torch.nn.LSTM of the same size (`cell-lstm`) and, with --compile, the
cell through torch.compile (`cell-peephole-compiled`), which takes half a minute and more before the first block; where
that does not work or takes more than --compile-limit seconds the row is left out, and `remark` says why. The rows share
a block's time.

    python3 Benchmarks/peers/cell-peephole.py --threads 2 --seconds 8 [--compile] [--serve]
"""

import os
import signal
import time

import peer

SIZE, BATCH, STEPS, BATCHES = 128, 64, 40, 8


def peepholeLSTM(torch):
    class PeepholeLSTM(torch.nn.Module):
        def __init__(self):
            super().__init__()
            uniform = lambda *shape: torch.nn.Parameter(torch.empty(*shape).uniform_(-(SIZE**-0.5), SIZE**-0.5))
            self.inputMaps, self.stateMaps = uniform(SIZE, 4 * SIZE), uniform(SIZE, 4 * SIZE)
            self.bias = torch.nn.Parameter(torch.zeros(4 * SIZE))
            self.peepholes = torch.nn.Parameter(torch.zeros(3, SIZE))

        def forward(self, inputs):
            """[steps, batch, size] to the last state."""
            inputPeephole, forgetPeephole, outputPeephole = self.peepholes.unbind()
            hidden = cell = inputs.new_zeros(BATCH, SIZE)
            for x in inputs.unbind():
                fromInput = torch.addmm(self.bias, x, self.inputMaps)
                i, f, g, o = torch.addmm(fromInput, hidden, self.stateMaps).chunk(4, dim=1)
                i = torch.sigmoid(i + inputPeephole * cell)
                f = torch.sigmoid(f + forgetPeephole * cell)
                cell = f * cell + i * torch.tanh(g)
                hidden = torch.sigmoid(o + outputPeephole * cell) * torch.tanh(cell)
            return hidden

    return PeepholeLSTM()


def builtIn(torch):
    """torch.nn.LSTM, giving the last state."""
    class LastState(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.LSTM(SIZE, SIZE)

        def forward(self, inputs):
            return self.layer(inputs)[1][0][-1]

    return LastState()


def training(torch, encoder, data, compiled=False):
    """A training step of an encoder below a linear layer; `step()` returns its tokens."""
    inputs, labels = data
    output = torch.nn.Linear(SIZE, 2)
    optimizer = peer.adam(torch, torch.nn.ModuleList([encoder, output]))
    encoded = torch.compile(encoder) if compiled else encoder
    count = 0

    def step():
        nonlocal count
        which = count % BATCHES
        count += 1
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(output(encoded(inputs[which])), labels[which]).backward()
        optimizer.step()
        return BATCH * STEPS

    return step


class TooLong(BaseException):
    """Not an Exception: the compiler catches those and goes on."""


def addCompiled(torch, data, limit, steps):
    """Adds the compiled cell's step where compiling succeeds in time; a line on what happened."""
    def tooLong(*_):
        raise TooLong

    signal.signal(signal.SIGALRM, tooLong)
    # Again every few seconds: where Python calls back from C, what is raised is lost.
    signal.setitimer(signal.ITIMER_REAL, limit, 5)
    start = time.perf_counter()
    try:
        step = training(torch, peepholeLSTM(torch), data, compiled=True)
        step()
        step()
        signal.setitimer(signal.ITIMER_REAL, 0)
    except TooLong:
        return f"torch.compile is left out: it took more than {limit} s"
    except Exception as problem:  # Anything a compiler can meet: the other rows are measured all the same.
        said = " ".join(str(problem).split())
        return f"torch.compile is left out: {type(problem).__name__}: {said[:200]}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    seconds = time.perf_counter() - start
    if seconds > limit:
        return f"torch.compile is left out: it took {seconds:.0f} s, more than {limit}"
    steps["cell-peephole-compiled"] = step
    return f"torch.compile took {seconds:.0f} s"


def main():
    parser = peer.options("cell-peephole", __doc__)
    parser.add_argument("--compile", action="store_true", help="measure the cell through torch.compile too")
    parser.add_argument(
        "--compile-limit", type=int, default=60, metavar="S", help="longest compilation in seconds (default 60)")
    arguments = peer.parse(parser)
    # Compiled anew every time: otherwise the remark would tell how long it takes to find what an earlier run left.
    os.environ["TORCHINDUCTOR_FORCE_DISABLE_CACHES"] = "1"
    torch = peer.loadTorch(arguments)
    data = torch.randn(BATCHES, STEPS, BATCH, SIZE), torch.randint(2, (BATCHES, BATCH))
    steps = {
        "cell-peephole": training(torch, peepholeLSTM(torch), data), "cell-lstm": training(torch, builtIn(torch), data)}
    remark = addCompiled(torch, data, arguments.compile_limit, steps) if arguments.compile else None

    def block(seconds):
        rows = {name: peer.repeated(step, seconds / len(steps))["tokensPerSecond"] for name, step in steps.items()}
        figures = {"tokensPerSecond": rows["cell-peephole"], "unit": "tokens/s", "rows": rows}
        return figures | ({"remark": remark} if remark else {})

    peer.measure(
        arguments, lambda: block(arguments.seconds), f"PyTorch {torch.__version__}", lambda: block(1.0 * len(steps)))


main()
