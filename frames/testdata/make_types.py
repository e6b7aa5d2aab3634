#!/usr/bin/env python3
"""The types that pandas.read_csv infers: types.json, the golden file of TestReadCSVTypes.

usage: make_types.py > types.json      (pandas 3)

Each case has the fields of a column as they stand in the file, the dtype of the column and its values: null for missing,
numbers in full.
"""
import io, json
import pandas as pd

cases = r"""
1|2|3
1|-2|0
9223372036854775807|-9223372036854775808
9223372036854775808|1
18446744073709551615|1
18446744073709551616|1
9223372036854775808|-1
9223372036854775808|
-9223372036854775809|1
99999999999999999999|0.5
100000000000000000000000
007|7
00|0
-0|0
-007|1
+7|1
+|1
-|1
++1|2
 7| 8
7 |8
\t7|8
 7 |+8
7 8|9
1,000|2
1_000|2
0x10|1
0b1|1
1e3|2
12E4|1
1e+16|1e-05
1e|2
e5|1
1.5|2
1.|2
.5|2
.|1
-.5|2
+.5|2
01.5|2
1.5.2|3
1..5|2
2.50|1.00
 1.5|2
1.5 |2
1e400|1
1e-400|1
0.1|0.30000000000000004
123456789012345678901234567890.5|1
1.7976931348623157e308|5e-324
inf|1
-inf|1.5
+inf|1
Inf|1
INF|1
infinity|1
-Infinity|2
Infinit|1
nan|1
NaN|1.5
NAN|1
-nan|1
NA|1
N/A|2
null|1
NULL|1.5
None|1
<NA>|1
n/a|1
#N/A|1
nil|1
|1|2
|1.5
||
NA|NaN
NA|yes
|yes
True|False
TRUE|FALSE
true|false
True|false
tRue|False
True|
True|NA
True|1
True|maybe
t|f
yes|no
0|1
T|F
2024-03-01|2024-03-02
12:30|13:00
1/2|3/4
1%|2%
$1|$2
1j|2
1f|2
1d|2
1L|2
１|2
a|1
a|
−1|2
1;2|3
"""


def field(v):
    return '"' + v.replace('"', '""') + '"' if "," in v else v


def value(v):
    if pd.isna(v):
        return None
    return v if isinstance(v, str) else repr(v.item() if hasattr(v, "item") else v)


out = []
for line in cases.split("\n")[1:-1]:
    fields = line.replace(r"\t", "\t").split("|")
    quoted = [f'"{f}"' for f in fields if f and not f.startswith('"')]
    for name, texts in ((line, [field(f) for f in fields]), ("quoted " + line, quoted)):
        if name.startswith("quoted") and line not in ("1|2|3", "1.5|2", "True|False", " 7| 8", "a|1"):
            continue
        text = "x,row\n" + "".join(t + ",r\n" for t in texts)
        x = pd.read_csv(io.StringIO(text))["x"]
        out.append({"name": name, "fields": texts, "dtype": str(x.dtype), "values": [value(v) for v in x]})
print(json.dumps(out, indent=0, ensure_ascii=False))
