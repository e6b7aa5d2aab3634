#!/usr/bin/env python3
"""scikit-learn's side of the benchmark: one measurement in a process of its own.

usage: bench.py CASE.json SET     prints {"seconds": ...}

CASE has task (iteration, init, coverage or objective), and the settings of the estimator. See bench.go.
"""
import json, sys, time, warnings
import numpy as np, scipy.sparse as sp
from sklearn.decomposition import NMF, MiniBatchNMF

warnings.filterwarnings("ignore")
case = json.load(open(sys.argv[1]))
if sys.argv[2].endswith("dense"):
    X = np.add.outer(np.arange(2000) * 7919, np.arange(4000) * 104729) % 10007 / 10007
else:
    X = sp.load_npz(sys.argv[2] + ".npz").tocsr()


def estimator(max_iter, tol=0.0, init="random"):
    common = dict(n_components=case["k"], init=init, random_state=0, tol=tol, max_iter=max_iter, beta_loss=case["loss"])
    if case["solver"] == "minibatch":
        return MiniBatchNMF(max_no_improvement=None, **common)
    return NMF(solver=case["solver"], **common)


def seconds(f):
    start = time.perf_counter()
    f()
    return time.perf_counter() - start


answer = {}
if case["task"] == "iteration":
    # Two fits, so that what a fit costs beside its iterations drops out.
    few, many = case["few"], case["many"]
    estimator(1).fit(X)
    short, long = seconds(lambda: estimator(few).fit(X)), seconds(lambda: estimator(many).fit(X))
    answer["seconds"] = (long - short) / (many - few)
elif case["task"] == "init":
    estimator(1).fit(X)
    answer["seconds"] = seconds(lambda: estimator(1, init="nndsvda").fit(X)) - seconds(lambda: estimator(1).fit(X))
elif case["task"] == "coverage":
    model = estimator(case["many"]).fit(X)
    model.set_params(max_iter=500, tol=1e-4)
    rows = range(0, X.shape[0], max(1, X.shape[0] // case["rows"]))

    def study():
        for i in rows:
            (model.transform(X[i].toarray()) @ model.components_).astype(bool).sum()

    answer["seconds"] = seconds(study) * X.shape[0] / len(rows)
elif case["task"] == "objective":
    model = estimator(500, 1e-4)
    answer["seconds"] = seconds(lambda: model.fit(X))
    answer["error"] = float(model.reconstruction_err_)
print(json.dumps(answer))
