#!/usr/bin/env python3
"""Tables that others write, for TestTablesOfPython, and a look at those that gonmf wrote.

usage: tables.py write DIR      files NAME.parquet, NAME.arrow, ...; DIR/want.csv is what all of them hold
       tables.py read DIR FILE  compares FILE, which gonmf wrote, with DIR/want.csv
"""
import datetime as dt, decimal, sys
import numpy as np, pandas as pd, pyarrow as pa, pyarrow.feather, pyarrow.parquet as pq, polars as pl, fastparquet

ROWS = 5000
D = decimal.Decimal


def table():
    rng = np.random.default_rng(1)
    null = lambda values, every: [None if r % every == 0 else v for r, v in enumerate(values)]
    stamps = [dt.datetime(2024, 3, 1) + dt.timedelta(seconds=977 * r, microseconds=r % 3) for r in range(ROWS)]
    columns = {
        "item_id": pa.array([f"item {i}" for i in rng.integers(0, 300, ROWS)]),
        "user_id": pa.array(rng.integers(0, 900, ROWS)),
        "weight": pa.array(rng.integers(1, 9, ROWS) / 4),
        "dictionary": pa.array(null([f"zoë {i % 7}" for i in range(ROWS)], 11)).dictionary_encode(),
        "int8": pa.array(null([i % 200 - 100 for i in range(ROWS)], 7), pa.int8()),
        "uint32": pa.array([4_000_000_000 + i for i in range(ROWS)], pa.uint32()),
        "uint64": pa.array([2**64 - 1 - i for i in range(ROWS)], pa.uint64()),
        "float32": pa.array(null([i / 8 for i in range(ROWS)], 5), pa.float32()),
        "float64": pa.array(null(list(rng.normal(size=ROWS)), 13)),
        "bool": pa.array(null([i % 3 == 0 for i in range(ROWS)], 17)),
        "date": pa.array(null([s.date() for s in stamps], 19), pa.date32()),
        "timestamp": pa.array(null(stamps, 23), pa.timestamp("us")),
        "seconds": pa.array(stamps, pa.timestamp("ms")),
        "zoned": pa.array(stamps, pa.timestamp("us", tz="UTC")),
        "decimal": pa.array(null([D(i - 2500) / 100 for i in range(ROWS)], 29), pa.decimal128(9, 2)),
        "large decimal": pa.array([D(i - 2500) * 10**25 for i in range(ROWS)], pa.decimal128(38, 3)),
        "nothing": pa.array([None] * ROWS, pa.string()),
        "rare": pa.array([None] * (ROWS - 1) + ["last"]),
    }
    return pa.table(columns)


def text(v):
    """A value as gonmf has it in a CSV file."""
    if v is None:
        return ""
    if isinstance(v, dt.datetime):
        return str(v)
    if isinstance(v, D):
        return format(v, "f")
    return str(v)


def write(folder):
    t = table()
    pd.DataFrame({c: [text(v) for v in t[c].to_pylist()] for c in t.column_names}).to_csv(f"{folder}/want.csv", index=False)
    for codec in "none", "snappy", "gzip", "zstd", "brotli", "lz4":
        pq.write_table(t, f"{folder}/pyarrow-{codec}.parquet", compression=codec, row_group_size=1900, data_page_size=4000)
    pq.write_table(t, f"{folder}/pyarrow-v2.parquet", data_page_version="2.0", use_dictionary=False, version="2.6",
                   column_encoding={"user_id": "DELTA_BINARY_PACKED", "item_id": "DELTA_BYTE_ARRAY", "float64": "BYTE_STREAM_SPLIT"})
    pq.write_table(t, f"{folder}/pyarrow-spark.parquet", flavor="spark", version="1.0", use_deprecated_int96_timestamps=True)
    frame = t.to_pandas(types_mapper=pd.ArrowDtype)
    frame.to_parquet(f"{folder}/pandas.parquet", index=False)
    frame.to_feather(f"{folder}/pandas.feather")
    for codec in "uncompressed", "lz4", "zstd":
        pyarrow.feather.write_feather(t, f"{folder}/pyarrow-{codec}.feather", compression=codec, chunksize=1700)
    with pa.OSFile(f"{folder}/stream.arrows", "wb") as f, pa.ipc.new_stream(f, t.schema) as w:
        w.write_table(t, max_chunksize=1100)
    q = pl.from_arrow(t)
    q.write_parquet(f"{folder}/polars.parquet", row_group_size=2000)
    q.write_ipc(f"{folder}/polars.arrow", compression="zstd")
    q.write_ipc_stream(f"{folder}/polars.arrows")
    plain = t.drop_columns(["dictionary", "int8", "uint64", "date", "decimal", "large decimal", "nothing", "rare", "zoned"]).to_pandas()
    fastparquet.write(f"{folder}/fastparquet.parquet", plain, compression="GZIP", row_group_offsets=2500)
    # What gonmf says no to, one each.
    pq.write_table(pa.table({"item_id": [["a"], ["b"]], "user_id": ["x", "y"]}), f"{folder}/list.parquet")
    pq.write_table(pa.table({"item_id": ["a", None], "user_id": ["x", "y"]}), f"{folder}/null.parquet")
    pyarrow.feather.write_feather(pa.table({"item_id": ["a", "b"], "user_id": ["x", "y"], "n": [1.0, -1.0]}), f"{folder}/negative.feather")
    pq.write_table(pa.table({"item_id": pa.array([], pa.string()), "user_id": pa.array([], pa.string())}), f"{folder}/empty.parquet")


def read(folder, name):
    want = pd.read_csv(f"{folder}/want.csv")
    if name.endswith(".parquet"):
        got = pd.read_parquet(name)
        same = pl.read_parquet(name)
    elif name.endswith(".arrows"):
        got = pa.ipc.open_stream(name).read_all().to_pandas()
        same = pl.read_ipc_stream(name)
    else:
        got = pd.read_feather(name)
        same = pl.read_ipc(name)
    assert list(got.columns) == list(want.columns) == same.columns, got.columns
    for c in want.columns:
        a, b = want[c], got[c]
        assert (a.isna() == b.isna()).all(), f"{c}: other values are missing"
        a, b = a[~a.isna()], b[~b.isna()]
        if a.dtype == float:
            assert np.array_equal(a.to_numpy(float), b.to_numpy(float)), c
        else:
            assert a.astype(str).tolist() == b.astype(str).tolist(), c
    assert got["user_id"].dtype == "int64" and got["weight"].dtype == "float64", got.dtypes


write(*sys.argv[2:]) if sys.argv[1] == "write" else read(*sys.argv[2:])
