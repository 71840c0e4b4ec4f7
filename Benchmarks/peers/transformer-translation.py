"""CTranslate2's side of `transformer-greedy` and `transformer-beam`: 1,000 sentences through a Transformer, float32.

Encoder and decoder of 6 blocks of 512 features, 8 heads, 2,048 inner features, the norm before, over 8,000 words; random
weights, with an output layer that tells words apart. Sentences of 5 to 25 random words; 20 words are written for each.
Counts 1,000 * 20 target tokens a block, whatever --seconds says. Sentences are batched by length, 32 side by side; all
threads share a batch, or each has batches of its own, whichever the warm-up finds faster.

    python3 Benchmarks/peers/transformer-translation.py --name transformer-greedy --threads 2 [--serve]

The model (ensue-benchmarks/transformer-6x512 in the system's folder for temporary files) is written if it is absent: for
CTranslate2, and the same weights as model.safetensors for Ensue. Beside it lie the translations, for Ensue to compare.
"""

import json
import tempfile
import time
from pathlib import Path

import peer

WIDTHS = {"transformer-greedy": 1, "transformer-beam": 4}
WORDS, SIZE, INNER, HEADS, LAYERS = 8000, 512, 2048, 8, 6
SENTENCES, SHORTEST, LENGTHS, STEPS, BATCH = 1000, 5, 21, 20, 32
FOLDER = Path(tempfile.gettempdir()) / "ensue-benchmarks" / "transformer-6x512"
SPECIAL = ["<unk>", "<s>", "</s>"]


def sentences():
    ids = peer.randomIds(WORDS - len(SPECIAL), SENTENCES * (1 + SHORTEST + LENGTHS))
    rows = [ids[start : start + 1 + SHORTEST + LENGTHS] for start in range(0, len(ids), 1 + SHORTEST + LENGTHS)]
    return [[f"w{id}" for id in row[1 : 1 + SHORTEST + row[0] % LENGTHS]] for row in rows]


def write(ctranslate2, numpy):
    """The model with random weights, in both forms."""
    from safetensors.numpy import save_file

    generator = numpy.random.default_rng(1)
    spec = ctranslate2.specs.TransformerSpec.from_config((LAYERS, LAYERS), HEADS, pre_norm=True)
    tensors = {}

    def matrix(name, place, rows, columns, deviation=None):
        scale = columns**-0.5 if deviation is None else deviation
        tensors[f"{name}/weight"] = (generator.standard_normal((rows, columns)) * scale).astype(numpy.float32)
        place.weight = tensors[f"{name}/weight"]

    def linear(name, place, rows, columns, deviation=None):
        matrix(name, place, rows, columns, deviation)
        tensors[f"{name}/bias"] = (generator.standard_normal(rows) * 0.02).astype(numpy.float32)
        place.bias = tensors[f"{name}/bias"]

    def norm(name, place):
        tensors[f"{name}/gamma"] = (1 + generator.standard_normal(SIZE) * 0.1).astype(numpy.float32)
        tensors[f"{name}/beta"] = (generator.standard_normal(SIZE) * 0.02).astype(numpy.float32)
        place.gamma, place.beta = tensors[f"{name}/gamma"], tensors[f"{name}/beta"]

    def attention(name, place, sizes):
        for index, rows in enumerate(sizes):
            linear(f"{name}/linear_{index}", place.linear[index], rows, SIZE)
        norm(f"{name}/layer_norm", place.layer_norm)

    for side, part in [("encoder", spec.encoder), ("decoder", spec.decoder)]:
        embeddings = part.embeddings[0] if side == "encoder" else part.embeddings
        matrix(f"{side}/embeddings", embeddings, WORDS, SIZE)
        norm(f"{side}/layer_norm", part.layer_norm)
        for index, layer in enumerate(part.layer):
            name = f"{side}/layer_{index}"
            attention(f"{name}/self_attention", layer.self_attention, [3 * SIZE, SIZE])
            if side == "decoder":
                attention(f"{name}/attention", layer.attention, [SIZE, 2 * SIZE, SIZE])
            linear(f"{name}/ffn/linear_0", layer.ffn.linear_0, INNER, SIZE)
            linear(f"{name}/ffn/linear_1", layer.ffn.linear_1, SIZE, INNER)
            norm(f"{name}/ffn/layer_norm", layer.ffn.layer_norm)
    # Scores far apart: rounding decides nothing.
    linear("decoder/projection", spec.decoder.projection, WORDS, SIZE, deviation=0.3)
    words = SPECIAL + [f"w{id}" for id in range(WORDS - len(SPECIAL))]
    spec.register_source_vocabulary(words)
    spec.register_target_vocabulary(words)
    spec.validate()
    FOLDER.mkdir(parents=True, exist_ok=True)
    save_file(tensors, FOLDER / "model.safetensors.part")
    spec.save(str(FOLDER))
    (FOLDER / "model.safetensors.part").rename(FOLDER / "model.safetensors")


def main():
    parser = peer.options("transformer-translation", __doc__)
    parser.add_argument("--name", choices=list(WIDTHS), default="transformer-greedy", help="the workload")
    arguments = peer.parse(parser)
    arguments.workload = arguments.name
    width = WIDTHS[arguments.name]
    try:
        import ctranslate2
        import numpy
        import safetensors  # noqa: F401
    except ImportError:
        peer.fail(69, "CTranslate2 is not installed for this Python. Install the packages `ctranslate2`, `numpy` and "
                  "`safetensors`, or set ENSUE_PEER_PYTHON to a Python that has them.")
    if not (FOLDER / "model.safetensors").exists():
        write(ctranslate2, numpy)
    sources = sentences()
    ways = [
        ctranslate2.Translator(str(FOLDER), device="cpu", compute_type="float32", inter_threads=inter, intra_threads=intra)
        for inter, intra in {(1, arguments.threads), (arguments.threads, 1)}
    ]
    chosen = ways[0]

    def translated(translator):
        results = translator.translate_batch(
            sources, max_batch_size=BATCH, beam_size=width, length_penalty=0, min_decoding_length=STEPS,
            max_decoding_length=STEPS)
        return [result.hypotheses[0] for result in results]

    def block():
        start = time.perf_counter()
        found = translated(chosen)
        count = sum(len(words) for words in found)
        if count != SENTENCES * STEPS:
            peer.fail(65, f"expected {SENTENCES * STEPS} words, found {count}.")
        return {"tokensPerSecond": count / (time.perf_counter() - start), "unit": "tokens/s"}

    def warmUp():
        nonlocal chosen
        times = []
        for translator in ways:
            start = time.perf_counter()
            found = translated(translator)
            times.append(time.perf_counter() - start)
        chosen = ways[times.index(min(times))]
        # Word w0 is id 3.
        ids = [[int(word[1:]) + len(SPECIAL) for word in words] for words in found]
        (FOLDER / f"{arguments.name}.json").write_text(json.dumps(ids))

    peer.measure(arguments, block, f"CTranslate2 {ctranslate2.__version__}", warmUp)


main()
