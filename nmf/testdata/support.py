"""Writes support.json.gz: where scikit-learn's coordinate descent with penalties puts zeros.

    python support.py            # from this directory, with scikit-learn as pinned below

Penalties kill components, and a component that is dead by rounding alone may
come back to life, so that zeros are where two programs part first. Of settings
drawn at random those are kept whose zeros scikit-learn itself finds again, and
whose factors it finds again to 1e-8, when the last bits of X change, and in
whose factors no entry is nothing but its own rounding, 1e-12 of the largest or
less: 500 of them, and for how many were drawn see "drawn". A setting is its number: see
setting below and its twin in support_test.go. What is stored is "1" for each
entry of W and then of H that is not zero, and the number of iterations.
"""

import gzip
import json
import warnings

import numpy as np
import sklearn
from sklearn.decomposition import NMF

PINNED = "1.9.1"
WANTED = 500
TRIALS = 64

warnings.simplefilter("ignore")


def setting(number):
    """The twin of supportSetting in support_test.go: a table of counts, and parameters."""
    rng = np.random.RandomState(number)

    def pick(values):
        return values[int(rng.random_sample() * len(values))]

    rows, cols, k = pick(range(2, 25)), pick(range(2, 13)), pick(range(1, 7))
    scale = pick([1.0, 10.0, 100.0, 1000.0, 10000.0])
    alpha_w, alpha_h = pick([0.001, 0.01, 0.1, 0.3, 1.0]), pick([0.0, 0.01, 0.1, 0.3, 1.0])
    ratio, init = pick([0.0, 0.0, 0.5, 1.0]), pick(["random", "nndsvd", "nndsvda"])
    if k > min(rows, cols):
        init = "random"
    u = rng.random_sample((rows, cols))
    x = np.floor(6 * u * u * u) * scale
    x[3::5] = 0
    params = {"n_components": k, "init": init, "random_state": number, "alpha_W": alpha_w, "alpha_H": alpha_h, "l1_ratio": ratio}
    return x, params


def fit(x, params):
    est = NMF(**params)
    w = est.fit_transform(x)
    return np.concatenate([w.ravel(), est.components_.ravel()]), int(est.n_iter_)


def steady(x, params, got):
    if ((got[0] > 0) & (got[0] < 1e-12 * got[0].max())).any():
        return False
    for trial in range(TRIALS):
        ulps = np.random.RandomState(trial).randint(-3, 4, x.shape)
        again, n_iter = fit(x * (1 + ulps * 2.0**-52), params)
        if n_iter != got[1] or ((again == 0) != (got[0] == 0)).any() or np.abs(again - got[0]).max() > 1e-8 * got[0].max():
            return False
    return True


def main():
    if sklearn.__version__ != PINNED:
        raise SystemExit(f"scikit-learn is {sklearn.__version__}, want {PINNED}")
    cases, number = [], 0
    while len(cases) < WANTED:
        number += 1
        x, params = setting(number)
        if x.max() == 0:
            continue
        got = fit(x, params)
        if steady(x, params, got):
            cases.append({"number": number, "n_iter": got[1], "support": "".join("01"[int(v > 0)] for v in got[0])})
    text = json.dumps({"sklearn": PINNED, "drawn": number, "cases": cases})
    with open("support.json.gz", "wb") as f, gzip.GzipFile("", "wb", 9, f, 0) as z:
        z.write(text.encode())


main()
