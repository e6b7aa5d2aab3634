"""What pandas 3.1 answers where the verbs of frames are asked the same: verbs.json, for verbs_test.go.

    python verbs.py    # with numpy 2.4.6 and pandas 3.1.1
"""
import io
import json
import pathlib

import pandas as pd

TABLE = """\
item_id,user_id,weight,share,date
and_chr,DE,3,0.5,2024-02-29
and_chr,AT,1,,2023-12-31
firefox,DE,7,0.25,2024-03-01
,CH,2,0.125,2024-02-29
safari,DE,7,1.5,
firefox,AT,10,2.5,2022-01-03
and_uc,CH,1,0.1,2024-02-29
and_chr,DE,4,0.2,2021-07-04
firefox,DE,3,0.3,2024-01-01
"""
USERS = """\
user_id,name,weight
DE,Germany,83
AT,Austria,9
FR,France,68
DE,Deutschland,84
"""

df = pd.read_csv(io.StringIO(TABLE))
users = pd.read_csv(io.StringIO(USERS))
by_user = df.groupby("user_id")
date = pd.to_datetime(df.date)

answers = {
    "head": df.head(2),
    "tail": df.tail(3),
    "sort": df.sort_values(["weight", "item_id"], ascending=[False, True], kind="stable"),
    "sort missing": df.sort_values("share", ascending=False, kind="stable"),
    "where number": df[df.weight > 3],
    "where missing number": df[df.share < 1],
    "where not equal": df[df.share != 0.5],
    "where text": df[(df.weight >= 3) & df.item_id.str.startswith("and_", na=False)],
    "where in": df[df.user_id.isin(["AT", "CH"])],
    "where not": df[~(df.item_id == "firefox")],
    "where matches": df[df.item_id.str.contains("^f.*x$", na=False)],
    "where year": df[date.dt.year == 2024],
    "where missing": df[df.item_id.isna() | df.date.isna()],
    "mutate": df.assign(double=df.weight * 2, per=df.weight / df.share, big=df.weight > 3),
    "mutate text": df.assign(first=df.item_id.str.split("_").str[0], size=df.item_id.str.len(), upper=df.user_id.str.upper() + "-" + df.item_id),
    "mutate replace": df.assign(weight=df.weight + 0.5),
    "mutate date": df.assign(weekday=date.dt.day_of_week, month=date.dt.month)[["weekday", "month"]],
    "group": by_user.agg(weight_sum=("weight", "sum"), n=("weight", "size"), share_mean=("share", "mean"), share_count=("share", "count")).reset_index(),
    "group more": by_user.agg(
        items=("item_id", "nunique"), low=("weight", "min"), high=("share", "max"), weight_median=("weight", "median"),
        share_std=("share", "std"), first=("share", "first"), last=("item_id", "last"), name=("item_id", "min")).reset_index(),
    "group two": df.groupby(["user_id", "item_id"]).agg(share_sum=("share", "sum")).reset_index(),
    "count": df.item_id.value_counts().reset_index(),
    "count two": df[["item_id", "user_id"]].value_counts().reset_index(),
    "unique": df[["user_id", "date"]].drop_duplicates(),
    "join": df.merge(users, on="user_id"),
    "left join": df.merge(users, on="user_id", how="left"),
    "pivot": df.pivot_table(index="item_id", columns="user_id", values="weight", aggfunc="sum").reset_index(),
    "drop": df.dropna(),
    "drop one": df.dropna(subset=["share"]),
    "fill": df.fillna({"share": 0, "item_id": "unknown"}),
}
text = {name: table.to_csv(index=False) for name, table in answers.items()}
text["TABLE"], text["USERS"] = TABLE, USERS
pathlib.Path(__file__).with_name("verbs.json").write_text(json.dumps(text, indent=1) + "\n")
