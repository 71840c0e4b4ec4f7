"""Makes the folders of Tests/Goldens/pretrained-translators, as transformers writes them, and what their models say.

Run from the repository root:  python3 Tests/Goldens/pretrained-translators.py

MarianMT with random weights: `marian` (one table of vectors for both sides and the scores, scaled, swish) and
`marian-apart` (three tables, not scaled, relu, 1 + 2 blocks, float16). Both have marks of languages, two pieces that
vocab.json lacks, and a bias of the scores that makes ends likelier.

In pretrained-translators.safetensors, `<name>/…`, float64, by a padded batch: `sources` and `inputs` (one sequence
after another, with `source-lengths` and `input-lengths`), `logits` [inputs, vocabulary], `cross` (the attention to the
source: pair after pair, in each block after block, head after head, [inputs, sources]), `loss` of what follows.

In pretrained-translators.json for every folder: `sources` and `targets`, texts and their ids without an end; `decoded`,
ids and their text; `translations`, texts and the likeliest symbols one after another, at most 12 with the end, neither
<pad> nor <unk> among them; `pairs`, of which `pairLoss` is the mean loss of a symbol. Punctuation is left as it is.
"""

import io
import json
import shutil
from pathlib import Path

import sentencepiece
import torch
from transformers import MarianConfig, MarianMTModel, MarianTokenizer

from goldenfile import generator, save

FOLDER = Path(__file__).with_suffix("")
ENGLISH = [
    "The cat sleeps on the warm stone.", "A small boat lies in the harbour.",
    "We read the old letters in the evening.", "The child counts the stones on the beach.",
    "It rains, and the cat stays in the house.", "Who wrote this letter?",
] * 3
GERMAN = [
    "Die Katze schläft auf dem warmen Stein.", "Ein kleines Boot liegt im Hafen.",
    "Wir lesen am Abend die alten Briefe.", "Das Kind zählt die Steine am Strand.",
    "Es regnet, und die Katze bleibt im Haus.", "Wer schrieb diesen Brief?",
] * 3
SOURCES = [
    "", "The cat sleeps.", "  two  spaces  in the boat ", ">>de<< The old cat", ">>fr<<It rains", "日本 stones",
    "日本語 and 日 cat", "Zoë, quick: XYZ 42!", "the </s> cat <pad> and <unk> stones",
    "We read the letters on the beach and the boat." * 2,
]
TARGETS = ["", "Die Katze schläft.", "Wer liest den Brief am Hafen?", "日本 und ß", " ein  Boot "]
TRANSLATED = ["The cat sleeps.", ">>de<< A boat", "We read letters in the harbour, and it rains", "stones"]
PAIRS = [("The cat stays in the house.", "Die Katze bleibt im Haus."), ("Who reads?", "Wer liest?"),
         ("It rains", "Es regnet am Abend, und die Steine liegen am Strand.")]
tensors, texts = {}, {}


def sentence_piece(sentences, size):
    output = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences), model_writer=output, vocab_size=size, model_type="unigram",
        hard_vocab_limit=False, minloglevel=2, num_threads=1, normalization_rule_name="identity")
    return output.getvalue()


def tokenizer(path):
    """The files of a tokenizer: pieces of both sides, but for two of the source, one token that is no piece, marks."""
    source, target = sentence_piece(ENGLISH, 64), sentence_piece(GERMAN, 64)
    pieces = []
    for model in [source, target]:
        processor = sentencepiece.SentencePieceProcessor(model_proto=model)
        found = [processor.id_to_piece(id) for id in range(3, processor.get_piece_size())]
        if model is source:
            long = [piece for piece in found if len(piece) > 2 and piece[0] == "▁"]
            assert len(long) >= 2, found
            found = [piece for piece in found if piece not in long[:2]]
        pieces += [piece for piece in found if piece not in pieces]
    tokens = ["</s>", "<unk>"] + pieces + ["日本", ">>de<<", ">>fr<<", "<pad>"]
    for name, content in [("source", source), ("target", target)]:
        (path / f"{name}.spm").write_bytes(content)
    vocabulary = {token: id for id, token in enumerate(tokens)}
    (path / "vocab.json").write_text(json.dumps(vocabulary, indent=1, ensure_ascii=False) + "\n")
    result = MarianTokenizer(
        source_spm=str(path / "source.spm"), target_spm=str(path / "target.spm"), vocab=str(path / "vocab.json"))
    result.save_pretrained(path)
    return opened(path)


def opened(path):
    result = MarianTokenizer.from_pretrained(path)
    # As without sacremoses.
    result.punc_normalizer = lambda text: text
    return result


def filled(model, name, rounded, end):
    random = generator(name)
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if "embed_positions" in key:
                continue
            values = torch.from_numpy(random.standard_normal(tuple(parameter.shape))).float()
            parameter.copy_(values * 0.3 + (1 if key.endswith("layer_norm.weight") else 0))
        bias = torch.from_numpy(random.standard_normal(tuple(model.final_logits_bias.shape))).float() * 0.3
        bias[0, 0] += end
        model.final_logits_bias.copy_(bias)
    return model.to(rounded)


def padded(sequences, padding):
    longest = max(map(len, sequences))
    rows = torch.tensor([ids + [padding] * (longest - len(ids)) for ids in sequences])
    mask = torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids in sequences])
    return rows, mask


def forced(model, sources, inputs):
    """Logits of every input and attention to the source, by one padded batch; a list of each pair's."""
    padding = model.config.pad_token_id
    (source, source_mask), (target, target_mask) = padded(sources, padding), padded(inputs, padding)
    with torch.no_grad():
        result = model(
            input_ids=source, attention_mask=source_mask, decoder_input_ids=target, decoder_attention_mask=target_mask,
            output_attentions=True, use_cache=False)
    logits = [result.logits[row, :len(ids)] for row, ids in enumerate(inputs)]
    cross = [
        torch.stack([layer[row, :, :len(inputs[row]), :len(ids)] for layer in result.cross_attentions])
        for row, ids in enumerate(sources)]
    return logits, cross


def greedy(model, source, limit=12):
    config = model.config
    written, excluded = [], [config.pad_token_id, 1]
    while len(written) < limit:
        scores = forced(model, [source], [[config.decoder_start_token_id] + written])[0][0][-1].clone()
        scores[excluded] = -torch.inf
        best = scores.topk(2).values
        assert best[0] - best[1] > 1e-3 * best[0].abs(), "two continuations are equally likely"
        if int(scores.argmax()) == config.eos_token_id:
            break
        written.append(int(scores.argmax()))
    made = model.generate(
        torch.tensor([source]), num_beams=1, do_sample=False, max_new_tokens=limit,
        bad_words_ids=[[id] for id in excluded])[0, 1:].tolist()
    assert made == written + [config.eos_token_id] * (len(written) < limit), (made, written)
    return written


def translator(name, rounded, end, **options):
    """- end: what is added to the score of an end, so that some translations end early and some late."""
    path = FOLDER / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    words = tokenizer(path)
    size = len(words.encoder)
    model = MarianMTModel(MarianConfig(
        vocab_size=size, pad_token_id=size - 1, decoder_start_token_id=size - 1, eos_token_id=0, bos_token_id=0,
        forced_eos_token_id=None, max_position_embeddings=40, **options))
    filled(model, name, rounded, end).save_pretrained(path)
    for file in path.iterdir():
        file.chmod(0o644)
    # Read anew: what is not stored, the places, is not rounded.
    model = MarianMTModel.from_pretrained(path, dtype=torch.float64, attn_implementation="eager").eval()

    def ids(text, **options):
        return words(text, **options)["input_ids"][:-1]

    random = generator(name + " sequences")
    sources = [random.randint(0, size - 1, length).tolist() + [0] for length in [4, 1, 8]]
    inputs = [[size - 1] + random.randint(0, size - 1, length).tolist() for length in [5, 7, 0]]
    logits, cross = forced(model, sources, inputs)
    following = [ids[1:] + [0] for ids in inputs]
    loss = torch.nn.functional.cross_entropy(torch.cat(logits), torch.tensor(sum(following, [])))
    tensors.update({
        f"{name}/sources": torch.tensor(sum(sources, [])), f"{name}/inputs": torch.tensor(sum(inputs, [])),
        f"{name}/source-lengths": torch.tensor(list(map(len, sources))),
        f"{name}/input-lengths": torch.tensor(list(map(len, inputs))),
        f"{name}/logits": torch.cat(logits), f"{name}/cross": torch.cat([part.reshape(-1) for part in cross]),
        f"{name}/loss": loss.reshape(1)})
    found = {
        "sources": [[text, ids(text)] for text in SOURCES],
        "targets": [[text, words(text_target=text)["input_ids"][:-1]] for text in TARGETS],
        "decoded": [], "translations": [], "pairs": PAIRS}
    for length in [1, 3, 6, 12, 20]:
        drawn = random.randint(0, size, length).tolist()
        found["decoded"].append([drawn, words.decode(drawn, skip_special_tokens=True)])
    for text in TRANSLATED:
        written = greedy(model, ids(text) + [0])
        found["translations"].append([text, written, words.decode(written, skip_special_tokens=True)])
    lengths = [len(entry[1]) for entry in found["translations"]]
    assert min(lengths) < 12 and len(set(lengths)) > 2, f"{name}: translations of {lengths}"
    print(name, size, "translations of", lengths)
    references = [words(text_target=target)["input_ids"] for _, target in PAIRS]
    assert all(1 not in ids for ids in references), "an unknown symbol is not scored"
    logits, _ = forced(model, [ids(source) + [0] for source, _ in PAIRS], [[size - 1] + ids[:-1] for ids in references])
    found["pairLoss"] = float(torch.nn.functional.cross_entropy(torch.cat(logits), torch.tensor(sum(references, []))))
    texts[name] = found


if __name__ == "__main__":
    translator(
        "marian", torch.float32, 1.25, d_model=16, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=24, decoder_ffn_dim=24, activation_function="swish",
        scale_embedding=True)
    translator(
        "marian-apart", torch.float16, 2.6, d_model=12, encoder_layers=1, decoder_layers=2, encoder_attention_heads=3,
        decoder_attention_heads=3, encoder_ffn_dim=20, decoder_ffn_dim=20, activation_function="relu",
        scale_embedding=False, share_encoder_decoder_embeddings=False, tie_word_embeddings=False)
    for file in FOLDER.rglob("generation_config.json"):
        file.unlink()
    save(__file__, tensors)
    output = Path(__file__).with_suffix(".json")
    output.write_text(json.dumps(texts, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{output.name}: {output.stat().st_size} bytes")
