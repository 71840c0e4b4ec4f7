"""The training step of the language models char-128, char-512 and ptb-650. Not a program of its own.

Embedding, LSTM layers, linear to the symbols, cross entropy over all steps, the gradient's norm clipped. The text is
random: one sequence a row of the batch, read in segments; the states go on from segment to segment, detached (truncated
back-propagation through time), and after the last segment the text begins anew. Counts batch * steps tokens a step.
"""

import peer


def segments(torch, symbols, batch, steps, count):
    """(ids, targets) of each segment, [steps, batch]: the text and the same text a symbol later."""
    text = torch.tensor(peer.randomIds(symbols, batch * (count * steps + 1))).view(batch, -1).t().contiguous()
    return [
        (text[start : start + steps], text[start + 1 : start + steps + 1].flatten())
        for start in range(0, count * steps, steps)]


def languageModel(torch, symbols, size, layers, dropout):
    class LanguageModel(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = torch.nn.Embedding(symbols, size)
            self.layers = torch.nn.LSTM(size, size, num_layers=layers, dropout=dropout)
            self.output = torch.nn.Linear(size, symbols)
            self.dropout = torch.nn.Dropout(dropout)

        def forward(self, ids, states):
            outputs, states = self.layers(self.dropout(self.embedding(ids)), states)
            return self.output(self.dropout(outputs).flatten(0, 1)), states

    return LanguageModel()


def main(workload, symbols, size, layers, batch, steps, optimizer, clip, dropout=0.0, segmentCount=20):
    """`optimizer` makes one from (torch, model)."""
    arguments = peer.parse(peer.options(workload, __doc__))
    torch = peer.loadTorch(arguments)
    model = languageModel(torch, symbols, size, layers, dropout)
    parameters = list(model.parameters())
    updater = optimizer(torch, model)
    text = segments(torch, symbols, batch, steps, segmentCount)
    states = (torch.zeros(layers, batch, size), torch.zeros(layers, batch, size))
    count = 0

    def step():
        nonlocal states, count
        ids, targets = text[count % segmentCount]
        count += 1
        updater.zero_grad()
        logits, after = model(ids, states)
        torch.nn.functional.cross_entropy(logits, targets).backward()
        torch.nn.utils.clip_grad_norm_(parameters, clip)
        updater.step()
        states = tuple(state.detach() for state in after)
        return batch * steps

    peer.measureSteps(arguments, torch, step)
