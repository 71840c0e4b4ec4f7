"""Makes Tests/Goldens/pretrained-attentions.safetensors: what the encoders of Tests/Goldens/pretrained-encoders look at,
by transformers (`output_attentions=True`).

Run from the repository root, after pretrained-encoders.py:  python3 Tests/Goldens/pretrained-attentions.py

Of each family three of its golden's sequences, read as a padded batch in float64: the first, of one token; the second,
a pair; the sixth, of fourteen tokens.

    <family>/<sequence>/<layer>    [heads, tokens, tokens], float64
"""

from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file

from goldenfile import save

SEQUENCES = [0, 1, 5]


def case(folder):
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager")
    golden = load_file(folder / "expected.safetensors")
    lengths = golden["lengths"].tolist()
    ids, types = (golden[name].split(lengths) for name in ["ids", "types"])
    pad = lambda rows, value: torch.nn.utils.rnn.pad_sequence(
        [rows[place] for place in SEQUENCES], batch_first=True, padding_value=value)
    inputs = dict(
        input_ids=pad(ids, model.config.pad_token_id), attention_mask=pad([torch.ones_like(row) for row in ids], 0))
    if model.config.model_type != "distilbert":
        inputs["token_type_ids"] = pad(types, 0)
    with torch.no_grad():
        found = model.double().eval()(**inputs, output_attentions=True).attentions
    return {
        f"{folder.name}/{place}/{layer}": weights[row, :, :lengths[place], :lengths[place]]
        for layer, weights in enumerate(found) for row, place in enumerate(SEQUENCES)}


tensors = {}
for folder in sorted(path for path in Path(__file__).with_name("pretrained-encoders").iterdir() if path.is_dir()):
    tensors |= case(folder)
save(__file__, tensors)
