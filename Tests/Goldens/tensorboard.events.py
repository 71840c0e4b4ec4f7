"""Event files as TensorBoard's own writer makes them; writes tensorboard.events.json beside this file.

Run: python3 Tests/Goldens/tensorboard.events.py          needs: tensorboard

A case has the event (numbers as text, since JSON has no NaN) and the bytes of its record, in hexadecimal. The dot in this
script's name keeps it from being imported in place of the package `tensorboard`.
"""

import io
import json
import pathlib

from tensorboard import version
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter


def record(event):
    file = io.BytesIO()
    RecordWriter(file).write(event.SerializeToString(deterministic=True))
    return file.getvalue().hex()


def start(wall_time):
    event = event_pb2.Event(wall_time=wall_time, file_version="brain.Event:2")
    return {"wallTime": repr(wall_time), "record": record(event)}


def scalars(name, wall_time, step, values):
    summary = summary_pb2.Summary(
        value=[summary_pb2.Summary.Value(tag=tag, simple_value=value) for tag, value in values])
    event = event_pb2.Event(wall_time=wall_time, step=step, summary=summary)
    return {
        "name": name, "wallTime": repr(wall_time), "step": step,
        "tags": [tag for tag, _ in values], "values": [repr(value) for _, value in values], "record": record(event),
    }


nan, inf = float("nan"), float("inf")
epoch = ["loss/training", "loss/validation", "accuracy/validation", "macro F1/validation", "learning rate",
         "tokens per second"]
golden = {
    "made": f"Tests/Goldens/{pathlib.Path(__file__).name}, TensorBoard {version.VERSION}",
    "starts": [start(time) for time in (0.0, -0.0, 1.0, 1718000000.125, 1e10)],
    "cases": [
        scalars("one scalar", 1718000001.5, 1, [("loss", 0.6931471805599453)]),
        scalars("zeros", 0.0, 0, [("loss", 0.0)]),
        scalars("signed zeros", -0.0, 0, [("loss", -0.0)]),
        scalars("an epoch", 1718000060.75, 1234, list(zip(epoch, [0.1, 0.25, 0.875, 0.8611, 1e-3, 412345.6]))),
        scalars("not finite", 2.0, 3, [("a", nan), ("b", inf), ("c", -inf)]),
        # Beyond single precision: overflow, underflow, a subnormal, ties to even, the largest.
        scalars("rounding", 2.0, 4, [("v", value) for value in (
            1e300, -1e300, 1e-300, 1e-40, 1 + 2**-24, 1 + 3 * 2**-24, 3.4028234663852886e38)]),
        *(scalars(f"step {step}", 3.0, step, [("loss", 1.0)])
          for step in (127, 128, 16383, 16384, 2**31, 2**53 + 1, 2**63 - 1, -1, -(2**63))),
        # Tags and summaries around the lengths that take another byte, and text beyond ASCII.
        *(scalars(f"a tag of {count} bytes", 4.0, 5, [("t" * count, 1.0)])
          for count in (1, 113, 114, 115, 120, 121, 122, 127, 128, 20000)),
        scalars("text", 4.0, 6, [("Verlust/Prüfung", 1.0), ("損失", 2.0), ("👩‍👩‍👧 e\u0301", 3.0), ("a\u0000\nb", 4.0)]),
        scalars("many scalars", 4.0, 7, [(f"curve/{index}", index / 7) for index in range(300)]),
        scalars("the same tag twice", 4.0, 8, [("loss", 1.0), ("loss", 2.0)]),
    ],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
path.chmod(0o644)
print(f"{path.name}: {len(golden['cases'])} events, {path.stat().st_size} bytes")
