"""Makes Tests/Goldens/translation-foreign.json: what translation models of other programs write.

Run from the repository root, with the data in ENSUE_DATA (else ../shared/data):
    python3 Tests/Goldens/translation-foreign.py

    dates   "Deep Learning from Scratch 2" (Saito 2018), chapter 8: an LSTM that reads a date from its end and one that
            writes it anew, attending by dot products; by NumPy, from the equations. `characters`: the symbols in order;
            `questions`, `answers`: the last 120 of date.txt and what the model writes; `right`: how many are true;
            `weights`: of the first one's first step, as the question stands; `scores`: of that step
    names   CTranslate2's Transformer for Arabic names, by CTranslate2 in float32: `sources`, `greedy`, `greedyScores`
            (log p), `beam`: of width 4, all four hypotheses, and `beamScores`; by NumPy in float64: `scores`: of every
            step of the first greedy output
"""

import json
import math
import os
from pathlib import Path

import ctranslate2
import numpy
from safetensors.numpy import load_file

data = Path(os.environ.get("ENSUE_DATA", "../shared/data"))


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def softmax(x):
    exponentials = numpy.exp(x - x.max(-1, keepdims=True))
    return exponentials / exponentials.sum(-1, keepdims=True)


class DateModel:
    def __init__(self, path):
        self.values = {name: value.astype(numpy.float64) for name, value in load_file(path).items()}

    def step(self, side, symbol, state):
        w = self.values
        hidden, memory = state
        sums = w[f"{side}.embed.W"][symbol] @ w[f"{side}.lstm.Wx"] + hidden @ w[f"{side}.lstm.Wh"] + w[f"{side}.lstm.b"]
        f, g, i, o = numpy.split(sums, 4)
        memory = sigmoid(f) * memory + numpy.tanh(g) * sigmoid(i)
        return sigmoid(o) * numpy.tanh(memory), memory

    def write(self, question, start, count):
        """The symbols, and of every step the weights and the scores."""
        zero = numpy.zeros(self.values["encoder.lstm.Wh"].shape[0])
        state, states = (zero, zero), []
        for symbol in reversed(question):
            state = self.step("encoder", symbol, state)
            states.append(state[0])
        keys, state, symbol = numpy.array(states), (state[0], zero), start
        symbols, looks = [], []
        for _ in range(count):
            state = self.step("decoder", symbol, state)
            weights = softmax(keys @ state[0])
            read = numpy.concatenate([weights @ keys, state[0]])
            scores = read @ self.values["decoder.affine.W"] + self.values["decoder.affine.b"]
            symbol = int(scores.argmax())
            symbols.append(symbol)
            looks.append((weights, scores))
        return symbols, looks


def dates():
    model = DateModel(data / "checkpoints/dlfs2/date-attention-seq2seq.safetensors")
    lines = (data / "toy-seq2seq/date.txt").read_text().splitlines()
    pairs = [(line[: line.index("_")], line[line.index("_"):]) for line in lines]
    # Symbols are numbered as they appear, question before answer.
    characters = list(dict.fromkeys(character for pair in pairs for text in pair for character in text))
    number = {character: index for index, character in enumerate(characters)}
    chosen = pairs[-120:]
    answers, first = [], None
    for question, answer in chosen:
        symbols, looks = model.write([number[c] for c in question], number["_"], len(answer) - 1)
        first = first or looks[0]
        answers.append("".join(characters[symbol] for symbol in symbols))
    return {
        "characters": "".join(characters), "questions": [question for question, _ in chosen], "answers": answers,
        "right": sum(found == answer[1:] for found, (_, answer) in zip(answers, chosen)),
        "weights": first[0][::-1].tolist(), "scores": first[1].tolist()}


NAMES = """آتزمون محمد أحمد فاطمة علي حسن حسين خالد عمر يوسف إبراهيم مريم سارة ليلى نور سعيد كريم جمال سليمان داود
موسى عيسى زينب رشيد طارق بغداد دمشق القاهرة بيروت الرياض تونس مراكش الخرطوم واشنطن لندن باريس برلين روما مدريد موسكو
طوكيو شكسبير نيوتن أينشتاين موزارت باخ فيروز غسان وليد ضياء""".split()


class Transliterator:
    """Blocks with the norm before, places from 1 on, sines before cosines, 8 heads."""

    def __init__(self, folder):
        self.values = {name: value.astype(numpy.float64) for name, value in load_file(folder / "model.safetensors").items()}

    def linear(self, x, name):
        return x @ self.values[f"{name}/weight"].T + self.values[f"{name}/bias"]

    def norm(self, x, name):
        mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
        scaled = (x - mean) / numpy.sqrt(variance + 1e-5)
        return scaled * self.values[f"{name}/gamma"] + self.values[f"{name}/beta"]

    def attention(self, queries, keys, values, isCausal=False):
        heads = []
        for q, k, v in zip(*(numpy.split(part, 8, axis=1) for part in (queries, keys, values))):
            scores = q @ k.T / math.sqrt(q.shape[1])
            if isCausal:
                scores = numpy.where(numpy.triu(numpy.ones_like(scores), 1) > 0, -numpy.inf, scores)
            heads.append(softmax(scores) @ v)
        return numpy.concatenate(heads, axis=1)

    def placed(self, side, ids):
        width = 32
        rates = numpy.exp(-math.log(10000) / (width // 2 - 1) * numpy.arange(width // 2))
        angles = numpy.arange(1, len(ids) + 1)[:, None] * rates[None]
        vectors = self.values[f"{side}/embeddings/weight"][ids] * math.sqrt(width)
        return vectors + numpy.concatenate([numpy.sin(angles), numpy.cos(angles)], axis=1)

    def inner(self, x, name):
        hidden = numpy.maximum(self.linear(self.norm(x, f"{name}/ffn/layer_norm"), f"{name}/ffn/linear_0"), 0)
        return x + self.linear(hidden, f"{name}/ffn/linear_1")

    def within(self, x, name, isCausal):
        joint = self.linear(self.norm(x, f"{name}/self_attention/layer_norm"), f"{name}/self_attention/linear_0")
        found = self.attention(*numpy.split(joint, 3, axis=1), isCausal)
        return x + self.linear(found, f"{name}/self_attention/linear_1")

    def scores(self, sources, inputs):
        x = self.placed("encoder", sources)
        for layer in range(6):
            name = f"encoder/layer_{layer}"
            x = self.inner(self.within(x, name, False), name)
        memory, y = self.norm(x, "encoder/layer_norm"), self.placed("decoder", inputs)
        for layer in range(6):
            name = f"decoder/layer_{layer}"
            y = self.within(y, name, True)
            queries = self.linear(self.norm(y, f"{name}/attention/layer_norm"), f"{name}/attention/linear_0")
            keys, values = numpy.split(self.linear(memory, f"{name}/attention/linear_1"), 2, axis=1)
            y = y + self.linear(self.attention(queries, keys, values), f"{name}/attention/linear_2")
            y = self.inner(y, name)
        return self.linear(self.norm(y, "decoder/layer_norm"), "decoder/projection")


def names():
    folder = data / "checkpoints/ctranslate2-aren-transliteration"
    translator = ctranslate2.Translator(str(folder), device="cpu", compute_type="float32", intra_threads=1)
    sources = [list(name) for name in NAMES]
    greedy = translator.translate_batch(sources, beam_size=1, length_penalty=0, return_scores=True)
    beam = translator.translate_batch(sources, beam_size=4, num_hypotheses=4, length_penalty=0, return_scores=True)
    symbols = [(folder / f"{side}_vocabulary.txt").read_text().rstrip("\n").split("\n") for side in ["source", "target"]]
    output = greedy[0].hypotheses[0]
    scores = Transliterator(folder).scores(
        [symbols[0].index(symbol) for symbol in sources[0]], [1] + [symbols[1].index(symbol) for symbol in output])
    return {
        "sources": NAMES, "greedy": ["".join(result.hypotheses[0]) for result in greedy],
        "greedyScores": [result.scores[0] for result in greedy],
        "beam": [["".join(hypothesis) for hypothesis in result.hypotheses] for result in beam],
        "beamScores": [result.scores for result in beam], "scores": scores.tolist(),
        "version": ctranslate2.__version__}


path = Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"dates": dates(), "names": names()}, ensure_ascii=False, indent=1) + "\n")
print(path.name, path.stat().st_size, "bytes")
