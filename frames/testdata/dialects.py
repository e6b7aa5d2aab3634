"""Tables of text in other dialects, and what pandas 3.1 reads from them: dialects.json, for dialect_test.go.

    python dialects.py    # with pandas 3.1.1
"""
import base64
import bz2
import gzip
import io
import json
import lzma
import pathlib
import zipfile

import pandas as pd

RETAIL = "Artikel;Käufer;Menge;Preis\nTee, grün;Jörg;1.234;3,50\nMilch;Zoë;7;1.000,25\n;Ann;12;0,5\n"
PLAIN = "item_id,user_id,weight\ntea,ann,2.5\nmilk,Zoë,1\n\"a, b\",ben,3\n"


def zipped(text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("table.csv", text)
    return out.getvalue()


# name: bytes, our options, pandas' options
cases = {
    "plain": (PLAIN.encode(), {}, {}),
    "byte order mark": (PLAIN.encode("utf-8-sig"), {}, {}),
    "utf-16": (PLAIN.encode("utf-16"), {}, {"encoding": "utf-16"}),
    "utf-16 big endian, marked": (b"\xfe\xff" + PLAIN.encode("utf-16-be"), {}, {"encoding": "utf-16"}),
    "utf-16 without a mark": (PLAIN.encode("utf-16-le"), {}, {"encoding": "utf-16-le"}),
    "windows-1252": (PLAIN.replace("tea", "5 €").encode("cp1252"), {}, {"encoding": "cp1252"}),
    "latin-1, named": (PLAIN.encode("latin-1"), {"Encoding": "latin-1"}, {"encoding": "latin-1"}),
    "shift_jis, named": ("a,b\nお茶,1\n".encode("shift_jis"), {"Encoding": "shift_jis"}, {"encoding": "shift_jis"}),
    "semicolons": (RETAIL.encode(), {"Decimal": ",", "Thousands": "."}, {"sep": ";", "decimal": ",", "thousands": "."}),
    "semicolons in windows-1252": (RETAIL.encode("cp1252"), {"Decimal": ",", "Thousands": "."}, {"sep": ";", "decimal": ",", "thousands": ".", "encoding": "cp1252"}),
    "semicolons, numbers as text": (RETAIL.encode(), {}, {"sep": ";"}),
    "tabs": (PLAIN.replace(",", "\t").replace("\"a\t b\"", "a, b").encode(), {}, {"sep": "\t"}),
    "pipes": (b"a|b\n1|x\n2|y\n", {}, {"sep": "|"}),
    "tabs, said": (b"a\tb,c\n1\t2,3\n", {"Sep": "tab"}, {"sep": "\t"}),
    "a separator of two": (b"user::item::rating\n1::1193::5\n1::661::3\n", {"Sep": "::"}, {"sep": "::", "engine": "python"}),
    "commas in quotes": (b"a;b\n\"1;2\";3\n\"x\ny\";4\n", {}, {"sep": ";"}),
    "thousands": (b"a,b\n\"1,234\",2\n\"12,345,678\",3\n", {"Thousands": ","}, {"thousands": ","}),
    "thousands and fractions": (b"a;b\n1 234,5;2\n12;3\n", {"Thousands": " ", "Decimal": ",", "Sep": ";"}, {"thousands": " ", "decimal": ",", "sep": ";"}),
    "comments": (b"# made by hand\na,b\n1,2\n#3,4\n5,6\n", {"Comment": "#"}, {"comment": "#"}),
    "rows to skip": (b"Report of 2024\n\"all\", of it\na,b\n1,2\n", {"Skip": 2}, {"skiprows": 2}),
    "no header": (b"1,x\n2,y\n", {"NoHeader": True, "Names": ["n", "s"]}, {"header": None, "names": ["n", "s"]}),
    "no header, quoted": (b"\"1\",\"x,\"\"y\"\"\"\n2,y\n", {"NoHeader": True, "Names": ["n", "s"]}, {"header": None, "names": ["n", "s"]}),
    "single quotes": (b"a,b\n'x, y',2\n'it''s',3\n\"q\",4\n", {"Quote": "'"}, {"quotechar": "'"}),
    "no quotes": (b"a,b\n5\" disk,2\n\"x\",3\n", {"Quote": "none"}, {"quoting": 3}),
    "loose quotes": (b"a,b\n5\" disk,2\n\"x\"y,3\n", {"LooseQuotes": True}, {}),
    "words for missing": (b"a,b,c\n1,x,-\n-,n/a,2\n3,-,4\n", {"NA": ["-", "n/a"]}, {"na_values": ["-"]}),
    "short rows": (b"a,b,c\n1,2\n3,4,5\n6\n", {"Ragged": "fill"}, {}),
    "rows left out": (b"a,b\n1,2\n3,4,5\n6,7\n", {"Ragged": "skip"}, {"on_bad_lines": "skip"}),
    "carriage returns": (b"a,b\r1,2\r3,\"x,y\"\r", {}, {}),
    "windows' line ends": (b"a;b\r\n1;2\r\n3;4\r\n", {}, {"sep": ";"}),
    "no last newline": (b"a;b\n1;2", {}, {"sep": ";"}),
    "names twice": (b"a,a,,a,\n1,2,3,4,5\n", {}, {}),
    "gzip": (gzip.compress(PLAIN.encode(), mtime=0), {}, {"compression": "gzip"}),
    "bzip2": (bz2.compress(PLAIN.encode()), {}, {"compression": "bz2"}),
    "xz": (lzma.compress(PLAIN.encode()), {}, {"compression": "xz"}),
    "zip": (zipped(PLAIN), {}, {"compression": "zip"}),
    "gzip of semicolons in utf-16": (gzip.compress(RETAIL.encode("utf-16"), mtime=0), {}, {"compression": "gzip", "encoding": "utf-16", "sep": ";"}),
}
out = {}
for name, (raw, ours, theirs) in cases.items():
    table = pd.read_csv(io.BytesIO(raw), **theirs)
    out[name] = {"File": base64.b64encode(raw).decode(), "How": ours, "Want": table.to_csv(index=False)}
pathlib.Path(__file__).with_name("dialects.json").write_text(json.dumps(out, indent=1) + "\n")
