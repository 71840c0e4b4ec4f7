"""The full decompositions of Unicode's scalars as the Hugging Face library makes them; writes
Sources/EnsueText/Subwords/Unicode/DecompositionData.swift.

Run: python3 Scripts/decompositions.py          needs: tokenizers
"""

import base64
from pathlib import Path

from tokenizers import normalizers

target = Path(__file__).parent.parent / "Sources/EnsueText/Subwords/Unicode/DecompositionData.swift"
canonical, compatible = normalizers.NFD(), normalizers.NFKD()
entries = []
for scalar in range(0x110000):
    if 0xD800 <= scalar < 0xE000 or 0xAC00 <= scalar <= 0xD7A3 or 0x32000 <= scalar < 0xE0000 or scalar >= 0xE1000:
        continue
    text = chr(scalar)
    full, loose = canonical.normalize_str(text), compatible.normalize_str(text)
    if full != text:
        entries.append((scalar, 0, full))
    if loose != full:
        entries.append((scalar, 1, loose))

numbers = bytearray()


def append(number):
    while number >= 128:
        numbers.append(number & 127 | 128)
        number >>= 7
    numbers.append(number)


last = 0
for scalar, loose, parts in entries:
    append(scalar - last)
    append(len(parts) * 2 + loose)
    last = before = scalar
    for part in map(ord, parts):
        distance, before = part - before, part
        append(distance * 2 if distance >= 0 else -distance * 2 - 1)

text = base64.b64encode(numbers).decode()
head, tail = target.read_text().split('"""\n')[0], '\n    """\n}\n'
lines = "".join(f"    {text[start : start + 112]}\\\n" for start in range(0, len(text), 112))
target.write_text(head + '"""\n' + lines + tail)
print(f"{target.name}: {len(entries)} decompositions, {len(numbers)} bytes")
