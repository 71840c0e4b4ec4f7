"""Writes delimited.json: random CSV and TSV texts with the rows Python's csv module reads from them.

Run: python3 Tests/Goldens/delimited.py   (standard library only)
A case has "rows", or "error": true where the module refuses the text in its strict mode. Rows without fields (blank
lines) are left out. Lone carriage returns outside quotes are not generated: Python takes them for line ends.
"""

import csv
import io
import json
import os
import random

random.seed(20170801)
PIECES = ["a", "bc", "é", "😀", " ", ",", '"', "\t", ";", "\n", "\r\n", "\r", "0", "''", "\x1a", "NA"]


def cell(pieces):
    return "".join(random.choice(pieces) for _ in range(random.choice([0, 1, 1, 2, 3, 5])))


def written(value, delimiter, quoting):
    if quoting == "off":
        return "".join(c for c in value if c not in "\n\r" and c != delimiter)
    special = any(c in value for c in ["\n", "\r", delimiter]) or value.startswith('"')
    if special or random.random() < 0.3:
        return '"' + value.replace('"', '""') + '"'
    return value


def table(delimiter, quoting, pieces, ends):
    columns = random.randint(1, 4)
    text = ""
    for _ in range(random.randint(0, 5)):
        if random.random() < 0.1:
            text += random.choice(ends)
        text += delimiter.join(written(cell(pieces), delimiter, quoting) for _ in range(columns)) + random.choice(ends)
    if random.random() < 0.3 and text.endswith("\n"):
        text = text[:-2] if text.endswith("\r\n") else text[:-1]
    return text


def case(text, delimiter, quoting):
    style = csv.QUOTE_MINIMAL if quoting == "minimal" else csv.QUOTE_NONE
    record = {"text": text, "delimiter": delimiter, "quoting": quoting}
    try:
        lines = io.StringIO(text, newline="\n" if quoting == "minimal" else None)
        record["rows"] = [row for row in csv.reader(lines, delimiter=delimiter, quoting=style, strict=True) if row]
    except csv.Error:
        record["error"] = True
    return record


cases = []
for _ in range(250):
    cases.append(case(table(",", "minimal", PIECES, ["\n", "\r\n"]), ",", "minimal"))
for _ in range(50):
    cases.append(case(table("\t", "off", PIECES, ["\n", "\r\n"]), "\t", "off"))
plain = [piece for piece in PIECES if "\r" not in piece]
while len(cases) < 450:  # damaged by one inserted character
    text = table(",", "minimal", plain, ["\n"])
    at = random.randint(0, len(text))
    cases.append(case(text[:at] + random.choice(['"', '"', "x", ",", "\n"]) + text[at:], ",", "minimal"))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "delimited.json")
with open(path, "w", encoding="utf-8") as file:
    file.write("[\n" + ",\n".join(json.dumps(c, ensure_ascii=False) for c in cases) + "\n]\n")
print(len(cases), "cases,", sum("error" in c for c in cases), "refused")
