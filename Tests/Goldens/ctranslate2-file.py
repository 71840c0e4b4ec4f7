"""Makes Tests/Goldens/ctranslate2-file/<type>.bin: files of weights as CTranslate2's converters write them.

Run from the repository root:  python3 Tests/Goldens/ctranslate2-file.py

Each has `encoder/linear/weight` [2, 3], the numbers 0 to 5 by 8, `encoder/linear/bias` [2], −1 and 0.5, in its type,
`encoder/tied/weight` that is another name of the first, and `encoder/num_heads`, a setting of 16 bits: 8. `int8.bin` is
quantized.
"""

from pathlib import Path

import numpy
from ctranslate2.specs import common_spec, model_spec

FOLDER = Path(__file__).with_suffix("")


class Encoder(model_spec.LayerSpec):
    def __init__(self):
        self.linear, self.tied = common_spec.LinearSpec(), common_spec.LinearSpec()
        self.num_heads = numpy.dtype("int16").type(8)


class Model(model_spec.ModelSpec):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()

    @property
    def name(self):
        return "TransformerSpec"


FOLDER.mkdir(exist_ok=True)
for kind in ["float32", "float16", "bfloat16", "int8"]:
    model = Model()
    weight = numpy.arange(6, dtype=numpy.float32).reshape(2, 3) / 8
    model.encoder.linear.weight, model.encoder.tied.weight = weight, weight
    model.encoder.linear.bias = numpy.array([-1, 0.5], dtype=numpy.float32)
    model.validate()
    model.optimize(quantization=kind)
    path = FOLDER / f"{kind}.bin"
    model._serialize(path)
    path.chmod(0o644)
    print(path.name, path.stat().st_size)
