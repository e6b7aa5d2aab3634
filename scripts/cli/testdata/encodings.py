#!/usr/bin/env python3
"""Every type in every encoding, page version and codec that pyarrow, polars and DuckDB write, for TestEncodingsOfPython.

usage: encodings.py DIR    files WRITER-....parquet and .arrow; DIR/want.csv has the values of all of their columns
"""
import datetime as dt, decimal, sys, uuid
import duckdb, numpy as np, pandas as pd, pyarrow as pa, pyarrow.feather, pyarrow.parquet as pq, polars as pl

ROWS = 1300  # a few pages
D = decimal.Decimal
EPOCH = dt.datetime(1970, 1, 1)
rng = np.random.default_rng(7)


def whole(t):
    """Numbers over the whole range of a type, whose differences it cannot hold."""
    info = np.iinfo(t)
    v = rng.integers(info.min, info.max, ROWS, dtype=t, endpoint=True)
    v[:4] = info.max, info.min, 0, 5
    return v


def clock(unit):
    n = {"ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    return rng.integers(0, 86400 * n, ROWS)


def columns():
    """Names, values and types."""
    few = [f"żółw {i % 9}" for i in range(ROWS)]
    near = sorted(f"https://example.org/{i * i % 997}/żółw" for i in range(ROWS))
    moments = rng.integers(-4 * 10**9, 4 * 10**9, ROWS)
    decimals = lambda digits, scale: [D(int(v)).scaleb(-scale, decimal.Context(prec=80)) for v in
                                      [int("9" * digits), -int("9" * digits), 0] + [int(v) * 10 ** (digits - 5) for v in rng.integers(-9999, 9999, ROWS - 3)]]
    yield "bool", rng.integers(0, 2, ROWS).astype(bool), pa.bool_()
    yield "bool, runs", np.arange(ROWS) // 100 % 2 == 0, pa.bool_()
    for t in "int8 int16 int32 int64 uint8 uint16 uint32 uint64".split():
        yield t, whole(t), getattr(pa, t)()
    yield "few", rng.integers(0, 5, ROWS), pa.int64()
    yield "rising", np.cumsum(rng.integers(0, 1000, ROWS)), pa.int32()
    yield "float16", rng.normal(size=ROWS).astype(np.float16), pa.float16()
    yield "float32", rng.normal(size=ROWS).astype(np.float32), pa.float32()
    yield "float64", rng.normal(size=ROWS), pa.float64()
    yield "text", few, pa.string()
    yield "near", near, pa.large_string()
    yield "bytes", [s.encode() for s in near], pa.binary()
    yield "five", [b"%05d" % (i * 7919 % 99991) for i in range(ROWS)], pa.binary(5)
    yield "date", rng.integers(-30000, 60000, ROWS).astype(np.int32), pa.date32()
    yield "date64", rng.integers(-30000, 60000, ROWS) * 86_400_000, pa.date64()
    for unit in "ms", "us", "ns":
        yield f"clock {unit}", clock(unit), pa.time32(unit) if unit == "ms" else pa.time64(unit)
    for unit, n in ("s", 1), ("ms", 1000), ("us", 10**6), ("ns", 10**9):
        yield f"moment {unit}", moments * n + (rng.integers(0, n, ROWS) if n > 1 else 0), pa.timestamp(unit)
    yield "utc", moments * 10**6 + 1, pa.timestamp("us", "UTC")
    yield "berlin", moments * 10**6, pa.timestamp("us", "Europe/Berlin")
    yield "offset", moments * 1000, pa.timestamp("ms", "+05:30")
    yield "duration", rng.integers(-10**13, 10**13, ROWS), pa.duration("us")
    yield "decimal 4", decimals(7, 2), pa.decimal128(7, 2)
    yield "decimal 8", decimals(18, 0), pa.decimal128(18, 0)
    yield "decimal 16", decimals(38, 10), pa.decimal128(38, 10)
    yield "decimal 32", decimals(70, 5), pa.decimal256(70, 5)
    yield "dictionary", few, pa.dictionary(pa.int32(), pa.string())
    yield "uuid", [uuid.UUID(bytes=rng.bytes(16)).bytes for _ in range(ROWS)], pa.uuid()


def array(values, t, mask):
    if t == pa.uuid():
        return pa.ExtensionArray.from_storage(t, array(values, pa.binary(16), mask))
    if isinstance(values, np.ndarray) and not t.equals(pa.bool_()) and values.dtype.kind in "iu" and not pa.types.is_integer(t):
        bits = pa.array(values, pa.int32() if t.bit_width == 32 else pa.int64(), mask=mask)
        return bits.cast(t)
    if isinstance(values, list):
        return pa.array([None if m else v for v, m in zip(values, mask)], t)
    return pa.array(values, t, mask=mask)


def table():
    out = {}
    for name, values, t in columns():
        for nulls, mask in ("", np.zeros(ROWS, bool)), (", nulls", rng.random(ROWS) < .3), (", rare", np.arange(ROWS) != 77):
            out[name + nulls] = array(values, t, mask)
    out["null"] = pa.nulls(ROWS)
    return pa.table(out)


def clocked(ns):
    s, f = divmod(ns, 10**9)
    text = f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}"
    return text + (f".{f // 1000:06}" if f and f % 1000 == 0 else f".{f:09}" if f else "")


def texts(a):
    """The values of an array as gonmf has them in a CSV file."""
    t = a.type
    scale = {"s": 10**9, "ms": 10**6, "us": 1000, "ns": 1}
    none = lambda f, values: ["" if v is None else f(v) for v in values]
    if t == pa.uuid():
        return none(lambda b: str(b if isinstance(b, uuid.UUID) else uuid.UUID(bytes=b)), a.to_pylist())
    if pa.types.is_time(t):
        return none(lambda v: clocked(v * scale[t.unit]), a.cast(pa.int32() if t.bit_width == 32 else pa.int64()).to_pylist())
    if pa.types.is_timestamp(t):
        return none(lambda v: str(pd.Timestamp(v, unit=t.unit, tz=t.tz)), a.cast(pa.int64()).to_pylist())
    if pa.types.is_duration(t):
        return none(lambda v: str(pd.Timedelta(v, unit=t.unit)), a.cast(pa.int64()).to_pylist())
    if pa.types.is_date(t):
        return none(str, a.cast(pa.date32()).to_pylist())
    if pa.types.is_floating(t):
        return none(lambda v: repr(float(v)), a.to_pylist())
    if pa.types.is_decimal(t):
        return none(lambda v: format(v, "f"), a.to_pylist())
    if pa.types.is_binary(t) or pa.types.is_fixed_size_binary(t):
        return none(bytes.decode, a.to_pylist())
    return none(str, a.to_pylist())


# How pyarrow may write a type, beside plainly and with a dictionary.
def encodings(t):
    if pa.types.is_boolean(t):
        return ["RLE"]
    if pa.types.is_string(t) or pa.types.is_large_string(t) or pa.types.is_binary(t):
        return ["DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"]
    if pa.types.is_decimal(t) or pa.types.is_fixed_size_binary(t) or pa.types.is_float16(t) or t == pa.uuid():
        return ["DELTA_BYTE_ARRAY", "BYTE_STREAM_SPLIT"]
    if pa.types.is_floating(t):
        return ["BYTE_STREAM_SPLIT"]
    if pa.types.is_null(t) or pa.types.is_dictionary(t):
        return ["PLAIN"]
    return ["DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"]


def main(folder):
    t = table()
    pd.DataFrame({c: texts(t[c]) for c in t.column_names}).to_csv(f"{folder}/want.csv", index=False)
    codecs = ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]
    for n, codec in enumerate(codecs):
        for version in "1.0", "2.0":
            for how in "dictionary", "PLAIN", 0, 1:
                if how == "dictionary":
                    said = {"use_dictionary": [c for c in t.column_names if not c.startswith("bool")]}
                else:
                    said = {"use_dictionary": False, "column_encoding": {
                        f.name: "PLAIN" if how == "PLAIN" else encodings(f.type)[how % len(encodings(f.type))] for f in t.schema}}
                pq.write_table(t, f"{folder}/pyarrow-{codec}-{version}-{how}.parquet", compression=codec, data_page_version=version,
                               data_page_size=2000, row_group_size=900, write_page_checksum=n % 2 == 0, **said)
    for codec in "uncompressed", "lz4", "zstd":
        pyarrow.feather.write_feather(t, f"{folder}/pyarrow-{codec}.arrow", compression=codec, chunksize=900)
    # The others write the columns that they can hold.
    q = pl.from_arrow(t.select([c for c in t.column_names if not c.startswith(("float16", "uuid", "decimal 32", "date64", "offset", "clock", "moment s", "five"))]))
    for codec in "uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4":
        q.write_parquet(f"{folder}/polars-{codec}.parquet", compression=codec, data_page_size=2000, row_group_size=900)
        if codec in ("uncompressed", "lz4", "zstd"):
            q.write_ipc(f"{folder}/polars-{codec}.arrow", compression=codec)
    held = t.select([c for c in t.column_names if not c.startswith(("float16", "berlin", "offset", "duration", "decimal 32", "date64", "clock", "dictionary", "null", "moment s", "moment ms"))])
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    db.register("held", held)
    for codec in "uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4_raw":
        for version in "V1", "V2":
            for dictionary in 1, 1000000:
                db.execute(f"COPY held TO '{folder}/duckdb-{codec}-{version}-{dictionary}.parquet' (FORMAT parquet, CODEC {codec}, PARQUET_VERSION {version}, "
                           f"DICTIONARY_SIZE_LIMIT {dictionary}, ROW_GROUP_SIZE 2048)")


main(sys.argv[1])
