"""Writes table.xlsx, table.json and table.jsonl beside this file, by pandas 3.1.1 with openpyxl 3.1.5.

    python make_tables.py
"""
import datetime as dt, pathlib
import numpy as np, pandas as pd

here = pathlib.Path(__file__).parent
t = pd.DataFrame({
    "item_id": ["tea", "zoë", "tea", "<b>"],
    "user_id": [7, 8, 8, 900],
    "n": [1.5, 2, np.nan, 4],
    "ok": [True, False, True, True],
    "at": [dt.datetime(2024, 3, 1, 12, 30), dt.datetime(1900, 1, 5), dt.datetime(2024, 2, 29, 23, 59, 59), None],
    "day": [dt.date(2024, 3, 1)] * 4,
    "clock": [dt.time(12, 30), dt.time(0, 0, 1), None, dt.time(23, 59)],
    "took": [dt.timedelta(days=1, hours=2), dt.timedelta(seconds=1), None, dt.timedelta(0)],
    "note": [None, "a\nb", None, " "],
})
with pd.ExcelWriter(here / "table.xlsx", engine="openpyxl") as w:
    t.to_excel(w, sheet_name="orders", index=False, startrow=1, startcol=1)
    pd.DataFrame({"other": [1]}).to_excel(w, sheet_name="other", index=False)
j = t[["item_id", "user_id", "n", "ok", "note"]]
j.to_json(here / "table.json", orient="records")
j.to_json(here / "table.jsonl", orient="records", lines=True)
