"""Generation of one stream: generate-128 and generate-512. Not a program of its own.

Embedding, LSTM layers, linear to the symbols; the likeliest symbol is what is read next, one at a time, the states
carried, under inference_mode. Small products gain nothing from a second thread: with --threads above 1 the warm-up
measures one thread and all of them, and the blocks run on whichever was faster.
"""

import peer


def main(workload, symbols, size, layers):
    arguments = peer.parse(peer.options(workload, __doc__))
    torch = peer.loadTorch(arguments)
    embedding = torch.nn.Embedding(symbols, size).eval()
    recurrent = torch.nn.LSTM(size, size, num_layers=layers).eval()
    output = torch.nn.Linear(size, symbols).eval()
    last = torch.zeros(1, 1, dtype=torch.long)
    states = (torch.zeros(layers, 1, size), torch.zeros(layers, 1, size))
    threads = arguments.threads

    def step():
        nonlocal last, states
        outputs, states = recurrent(embedding(last), states)
        last = output(outputs).argmax(dim=-1)
        return 1

    def block(seconds):
        with torch.inference_mode():
            return peer.repeated(step, seconds)

    def warmUp():
        nonlocal threads
        rates = {}
        for count in sorted({1, arguments.threads}):
            torch.set_num_threads(count)
            block(0.5)
            rates[count] = block(1.0)["tokensPerSecond"]
        threads = max(rates, key=rates.get)
        torch.set_num_threads(threads)

    def measured():
        return {**block(arguments.seconds), "remark": f"PyTorch runs on {threads} of {arguments.threads} threads"}

    peer.measure(arguments, measured, f"PyTorch {torch.__version__}", warmUp)
