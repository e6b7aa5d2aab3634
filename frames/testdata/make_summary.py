#!/usr/bin/env python3
"""What pandas makes of a coverage study: coverage.csv and summary.csv, the golden files of TestSummarizePandas.

usage: make_summary.py DIR      (pandas 2 or later)
"""
import random, sys
import pandas as pd

rng = random.Random(0)
num = sorted((int(rng.paretovariate(0.7)) % 400 for _ in range(500)), reverse=True)
df = pd.DataFrame({"item_id": [f"item {i}" for i in range(500)], "num": num, "predict_num": [rng.randrange(4000) for _ in num]})
df.to_csv(f"{sys.argv[1]}/coverage.csv", index=False)
df["num"] = df["num"].apply(lambda x: x if x < 10 else (x // 10) * 10)
df.groupby("num").agg(min=("predict_num", "min"), median=("predict_num", "median"), mean=("predict_num", "mean"),
                      max=("predict_num", "max")).reset_index().to_csv(f"{sys.argv[1]}/summary.csv", index=False)
