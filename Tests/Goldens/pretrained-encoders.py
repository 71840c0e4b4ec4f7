"""Makes Tests/Goldens/pretrained-encoders/<family>/: tiny random checkpoints of pre-trained encoders, by transformers:
the folder that `save_pretrained` writes, and what the models in it give.

Run from the repository root:  python3 Tests/Goldens/pretrained-encoders.py

Each folder is a sequence classifier of three labels (`config.json`, `model.safetensors`, float32): width 32 (ALBERT's and
ELECTRA's token vectors 16), 4 heads, 2 layers (ALBERT 3), 40 inside, 60 words, 24 positions. The weights are large enough
for every part to be seen in the outputs: no norm is the identity, no bias zero. `expected.safetensors`, computed in
float64 from these numbers:

    ids, types          the tokens of seven sequences, one after another; the first has one token, the second and the
                        last are pairs, the last is as long as the positions allow. `lengths`
    labels, tags        a class a sequence, a class a token; `numbers`: a number a sequence, float64
    logits              [sequences, 3]; `loss` (cross-entropy)
    hidden/<layer>      what the first block reads, then the blocks' states: [tokens, 32], float32
    gradient/<weight>   of the loss by every weight, by the Hub's names, float32
    losses64            ten steps of AdamW (0.001, weight decay 0.01 on all weights) without dropout
    tagging/…           head weights by the Hub's names, `logits` [tokens, 4], `loss`
    regression/…        head weights, `logits` [sequences, 1], `loss` (mean squared error)
    pooled/first, mean, max, mean-normalized   [sequences, 32] of the encoder without a head, float64

transformers reads the sequences in one batch padded on the right, with an attention mask.
"""

import json
import shutil
from pathlib import Path

import numpy
import torch
import transformers
from safetensors.numpy import save_file

from goldenfile import generator, normal

SIZES = dict(vocab_size=60, max_position_embeddings=24)
USUAL = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=40)
FAMILIES = {
    "bert": ("Bert", dict(USUAL)),
    "roberta": ("Roberta", dict(USUAL, type_vocab_size=1, layer_norm_eps=1e-5)),
    "xlm-roberta": ("XLMRoberta", dict(USUAL, hidden_act="relu", classifier_dropout=0.3)),
    "distilbert": ("DistilBert", dict(dim=32, n_layers=2, n_heads=4, hidden_dim=40)),
    "albert": ("Albert", dict(USUAL, num_hidden_layers=3, embedding_size=16)),
    "electra": ("Electra", dict(USUAL, embedding_size=16)),
}


def fill(model, name, random):
    """Numbers of a size that makes the parts count, in float32."""
    with torch.no_grad():
        for key, parameter in sorted(model.named_parameters()):
            isNorm = "norm" in key.lower()
            scale = 0.5 if "embeddings." in key else 0.25
            values = normal(random, *parameter.shape, scale=0.2 if isNorm or parameter.dim() == 1 else scale)
            parameter.copy_((values + (1 if isNorm and key.endswith("weight") else 0)).float())
    return model


def sequences(config, random):
    """Token ids without padding's, and types."""
    first = config.pad_token_id + 1 if "roberta" in config.model_type else 0
    lengths = [1, 9, 5, 9, 2, 14, config.max_position_embeddings - first]
    pairs = [None, 4, None, None, None, None, 10]
    hasTypes = getattr(config, "type_vocab_size", 0) > 1
    allowed = [id for id in range(60) if id != config.pad_token_id]
    ids = [torch.from_numpy(random.choice(allowed, size=length)) for length in lengths]
    types = [
        torch.tensor([int(hasTypes and pair is not None and step >= pair) for step in range(length)])
        for length, pair in zip(lengths, pairs)]
    return lengths, ids, types


class Batch:
    """The sequences padded on the right."""

    def __init__(self, config, random):
        self.lengths, ids, types = sequences(config, random)
        pad = lambda rows, value: torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=value)
        self.mask = pad([torch.ones(length, dtype=torch.int64) for length in self.lengths], 0)
        self.inputs = dict(input_ids=pad(ids, config.pad_token_id), attention_mask=self.mask)
        if config.model_type != "distilbert":
            self.inputs["token_type_ids"] = pad(types, 0)
        count, tokens = len(self.lengths), sum(self.lengths)
        self.labels = torch.from_numpy(random.randint(0, 3, size=count))
        self.tags = torch.from_numpy(random.randint(0, 4, size=tokens))
        self.numbers = normal(random, count)
        self.data = dict(
            ids=torch.cat(ids), types=torch.cat(types), lengths=torch.tensor(self.lengths), labels=self.labels,
            tags=self.tags, numbers=self.numbers)

    def rows(self, values):
        """The true rows, one sequence after another."""
        return values[self.mask.bool()]


def other(family, kind, config, outputs, classifier, random):
    """A model of another head on the same encoder, and the head's weights."""
    config = type(config).from_dict(config.to_dict() | dict(num_labels=outputs))
    config._attn_implementation = "eager"
    model = getattr(transformers, f"{family}For{kind}")(config)
    fill(model, kind, random)
    prefix = model.base_model_prefix
    model.load_state_dict(
        {key: value for key, value in classifier.state_dict().items() if key.startswith(prefix + ".")}, strict=False)
    head = {key: value.clone() for key, value in model.state_dict().items() if not key.startswith(prefix + ".")}
    return model.double().eval(), head


def train(model, batch):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01, foreach=False)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = model(**batch.inputs, labels=batch.labels).loss
        loss.backward()
        losses.append(loss.detach())
        optimizer.step()
    return torch.stack(losses)


def pooled(states, mask):
    mask = mask[:, :, None].double()
    mean = (states * mask).sum(1) / mask.sum(1)
    return {
        "first": states[:, 0], "mean": mean, "max": states.masked_fill(mask == 0, -1e9).amax(1),
        "mean-normalized": torch.nn.functional.normalize(mean, dim=1)}


def case(name, folder):
    family, options = FAMILIES[name]
    random = generator("pretrained-" + name)
    config = getattr(transformers, f"{family}Config")(
        **(SIZES | options), num_labels=3, id2label={0: "bad", 1: "fair", 2: "good"},
        label2id={"bad": 0, "fair": 1, "good": 2})
    config._attn_implementation = "eager"
    model = fill(getattr(transformers, f"{family}ForSequenceClassification")(config), name, random).eval()
    model.save_pretrained(folder)
    batch = Batch(config, random)
    found = dict(batch.data)
    for kind, outputs, short in [("TokenClassification", 4, "tagging"), ("SequenceClassification", 1, "regression")]:
        variant, head = other(family, kind, config, outputs, model, random)
        logits = variant(**batch.inputs).logits
        if short == "tagging":
            logits = batch.rows(logits)
            loss = torch.nn.functional.cross_entropy(logits, batch.tags)
        else:
            loss = variant(**batch.inputs, labels=batch.numbers).loss
        found |= {f"{short}/logits": logits, f"{short}/loss": loss}
        found |= {f"{short}/{key}": value for key, value in head.items()}
    model = model.double()
    result = model(**batch.inputs, labels=batch.labels, output_hidden_states=True)
    result.loss.backward()
    found |= {"logits": result.logits, "loss": result.loss}
    found |= {f"hidden/{index}": batch.rows(state).float() for index, state in enumerate(result.hidden_states)}
    found |= {
        f"gradient/{key}": parameter.grad.float() for key, parameter in model.named_parameters()}
    found |= {f"pooled/{key}": value for key, value in pooled(result.hidden_states[-1], batch.mask).items()}
    found["losses64"] = train(model, batch)
    arrays = {key: found[key].detach().contiguous().numpy().copy() for key in sorted(found)}
    assert all(numpy.isfinite(array).all() for array in arrays.values())
    made = f"Tests/Goldens/{Path(__file__).name}, transformers {transformers.__version__}, PyTorch {torch.__version__}"
    save_file(arrays, folder / "expected.safetensors", metadata={"made": made})


root = Path(__file__).with_suffix("")
shutil.rmtree(root, ignore_errors=True)
for name in FAMILIES:
    case(name, root / name)
    for path in sorted((root / name).iterdir()):
        path.chmod(0o644)
        print(f"{name}/{path.name}: {path.stat().st_size} bytes")
