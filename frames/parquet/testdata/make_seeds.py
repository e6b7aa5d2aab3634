#!/usr/bin/env python3
"""Small files with which the tests of frames/parquet and frames/arrow begin: damaged, they must give an error.

usage: make_seeds.py PARQUET_DIR ARROW_DIR      (pandas 3, pyarrow 26, polars 2)
"""
import datetime as dt, decimal, sys
import pyarrow as pa, pyarrow.feather, pyarrow.parquet as pq, polars as pl

to_parquet, to_arrow = sys.argv[1:]
n = 40
t = pa.table({
    "item_id": pa.array([f"item {i % 7}" for i in range(n)]).dictionary_encode(),
    "user_id": pa.array([i * i % 11 for i in range(n)]),
    "weight": pa.array([None if i == 3 else i / 4 for i in range(n)]),
    "when": pa.array([dt.datetime(2024, 3, 1, i % 24) for i in range(n)], pa.timestamp("ms")),
    "price": pa.array([decimal.Decimal(i) / 100 for i in range(n)], pa.decimal128(9, 2)),
    "paid": pa.array([None if i % 5 == 0 else i % 2 == 0 for i in range(n)]),
})
pq.write_table(t, f"{to_parquet}/pyarrow.parquet", row_group_size=30, data_page_size=100)
pq.write_table(t, f"{to_parquet}/v2.parquet", compression="zstd", data_page_version="2.0", use_dictionary=False,
               column_encoding={"user_id": "DELTA_BINARY_PACKED"})
pl.from_arrow(t).write_parquet(f"{to_parquet}/polars.parquet", compression="gzip")
pyarrow.feather.write_feather(t, f"{to_arrow}/pyarrow.feather", compression="zstd", chunksize=25)
pl.from_arrow(t).write_ipc(f"{to_arrow}/polars.arrow", compression="lz4")
with pa.OSFile(f"{to_arrow}/stream.arrows", "wb") as f, pa.ipc.new_stream(f, t.schema) as w:
    w.write_table(t, max_chunksize=15)
