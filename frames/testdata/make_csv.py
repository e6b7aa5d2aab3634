#!/usr/bin/env python3
"""What pandas writes for tables with awkward cells: csv.json, the golden file of TestWriteCSVPandas.

usage: make_csv.py > csv.json      (Python 3.13 or later, pandas 2 or later)

Each case has a name, columns (name, type, values as text, null for missing; floats in hexadecimal) and the CSV.
"""
import json, random, struct
import numpy as np, pandas as pd

rng = random.Random(0)


def bits():
    while True:
        v = struct.unpack("<d", rng.randbytes(8))[0]
        if v == v:
            return v


floats = [0.0, -0.0, 1.0, -1.0, 0.1, 0.2 + 0.1, 1 / 3, 1e-4, 9.999e-5, 1e-5, 1.5e-7, 1e15, 1e16, 123456789012345678.0,
          9999999999999998.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, float("inf"), float("-inf"),
          float("nan"), 100.0, 1e22, 1e23, 2.5, -123.456]
texts = ["plain", "", None, "a,b", 'say "hi"', '"', "two\nlines", "cr\rhere", "crlf\r\nhere", " space ", "NA", "NaN", "null",
         "None", "007", "9007199254740993", "Zoë", "日本", "'", ";", "\ttab", "\\", "x" * 100]
cases = [
    ("floats", {"value": ("float", floats)}),
    ("random floats", {"value": ("float", [bits() for _ in range(300)] + [rng.uniform(-10, 10) for _ in range(300)])}),
    ("ints", {"id": ("int", [0, -1, 2**53 + 1, 2**63 - 1, -2**63]), "n": ("int", [1, 2, 3, 4, 5])}),
    ("bools", {"id": ("int", [1, 2]), "yes": ("bool", [True, False])}),
    ("texts", {"id": ("int", list(range(len(texts)))), "label": ("string", texts)}),
    ("one column of texts", {"label": ("string", texts)}),
    ("names", {"a,b": ("int", [1]), 'say "hi"': ("int", [2]), "two\nlines": ("int", [3]), "": ("int", [4]), "NaN": ("int", [5])}),
    ("one column without a name", {"": ("int", [1, 2])}),
    ("no rows", {"item_id": ("string", []), "cluster": ("int", [])}),
    ("missing float", {"label": ("string", ["a", "b"]), "value": ("float", [float("nan"), 1.0])}),
]


def text(kind, v):
    if v is None or v != v:
        return None
    return v.hex() if kind == "float" else str(v)


out = []
for name, columns in cases:
    dtype = {"float": float, "int": np.int64, "bool": bool, "string": object}
    frame = pd.DataFrame({n: pd.Series(v, dtype=dtype[k]) for n, (k, v) in columns.items()})
    out.append({"name": name, "csv": frame.to_csv(index=False, lineterminator="\n"),
                "columns": [{"name": n, "type": k, "values": [text(k, x) for x in v]} for n, (k, v) in columns.items()]})
print(json.dumps(out, indent=1))
