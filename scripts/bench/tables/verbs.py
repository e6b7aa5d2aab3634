"""What the verbs of frames take as long for in pandas: a line of JSON a verb, with the median of some rounds in seconds."""
import json, statistics, sys, time
import numpy as np, pandas as pd

name, rounds = sys.argv[1], int(sys.argv[2])
df = pd.read_csv(name)
items = df.item_id.value_counts().reset_index()
verbs = {
    "Head": lambda: df.head(),
    "Sample": lambda: df.sample(1000, random_state=0),
    "Where, a number": lambda: df[df.weight > 1],
    "Where, number and text": lambda: df[(df.weight > 1) & df.item_id.str.startswith("item_1")],
    "Where, one text": lambda: df[df.item_id == "item_17"],
    "Mutate, numbers": lambda: df.assign(x=df.weight * 2 + df.user_id),
    "Mutate, log1p": lambda: df.assign(x=np.log1p(df.weight)),
    "Mutate, part of a text": lambda: df.assign(x=df.item_id.str.split("_").str[0]),
    "Sort, numbers": lambda: df.sort_values("weight", ascending=False),
    "Sort, text and numbers": lambda: df.sort_values(["item_id", "user_id"]),
    "GroupBy numbers, sum": lambda: df.groupby("user_id").weight.sum(),
    "GroupBy text, sum": lambda: df.groupby("item_id").weight.sum(),
    "GroupBy text, four functions": lambda: df.groupby("item_id").agg(a=("weight", "sum"), b=("weight", "mean"), c=("weight", "median"), d=("user_id", "nunique")),
    "Count": lambda: df.item_id.value_counts(),
    "Unique": lambda: df.item_id.unique(),
    "Join": lambda: df.merge(items, on="item_id"),
    "Pivot": lambda: df.pivot_table(index="item_id", columns="month", values="weight", aggfunc="sum"),
    "Describe": lambda: df.describe(include="all"),
    "DropNA": lambda: df.dropna(),
    "FillNA": lambda: df.fillna({"weight": 0}),
}
for verb, call in verbs.items():
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    print(json.dumps({"verb": verb, "seconds": statistics.median(times)}), flush=True)
