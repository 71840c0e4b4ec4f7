"""What the golden scripts of this folder share: seeded numbers and the writing of the file.

Every case draws from a generator of its own, seeded by the case's name, so adding a case leaves the others as they
were. NumPy's RandomState is used because its streams are frozen between versions.
"""

import zlib
from pathlib import Path

import numpy
import torch
from safetensors.numpy import save_file

torch.set_num_threads(1)
torch.manual_seed(0)


def generator(name):
    """The generator of one case: the same numbers whatever other cases exist."""
    return numpy.random.RandomState(zlib.crc32(name.encode()))


def normal(random, *shape, scale=1.0):
    """A float64 tensor of independent normal numbers."""
    return torch.from_numpy(random.standard_normal(shape) * scale)


def save(script, tensors):
    """Writes `tensors` (name to torch tensor) beside `script`, under the script's name, as safetensors."""
    arrays = {}
    for name in sorted(tensors):
        array = tensors[name].detach().contiguous().numpy().copy()
        if array.dtype.kind == "f" and not numpy.isfinite(array).all():
            raise SystemExit(f"{name} holds a number that is not finite")
        arrays[name] = array
    path = Path(script).with_suffix(".safetensors")
    # One entry only: safetensors writes several in an order that changes from run to run.
    save_file(arrays, path, metadata={"made": f"Tests/Goldens/{Path(script).name}, PyTorch {torch.__version__}"})
    path.chmod(0o644)
    print(f"{path.name}: {len(arrays)} tensors, {path.stat().st_size} bytes")
