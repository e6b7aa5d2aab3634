"""Writes goldens.json.gz: what scikit-learn answers, for the tests of package nmf.

    python goldens.py            # from this directory, with scikit-learn as pinned below

Matrices are not stored: each is made of the stream of numpy.random.RandomState,
which the tests draw from too (see matrix below and its twin in goldens_test.go).
Factors are stored to 13 digits, and the tests compare to 1e-9 of the largest.

Versions. Everything here is the same from scikit-learn 1.2 on, but for
- WH below 2^-23 counting as 2^-23 in MU (1.2 replaced exact zeros only);
- the error of a loss other than Frobenius, which 1.2 gave with other clipping;
- transform with MU, KL and an L1 penalty, which adds the penalty to a cached
  sum at every iteration, still in 1.9: "row" goldens leave that case out.
A tolerance of 0 here is a negative one in gonmf: both switch the rule off.
"""

import gzip
import json
import warnings

import numpy as np
import scipy.sparse as sp
import sklearn
from sklearn.decomposition import NMF, MiniBatchNMF

PINNED = "1.9.1"

warnings.simplefilter("ignore")


def matrix(kind, rows, cols, seed):
    """The twin of goldenMatrix in goldens_test.go."""
    x = np.random.RandomState(seed).random_sample((rows, cols))
    if kind == "uniform":
        return x
    if kind == "positive":
        return x + 0.1
    if kind == "sparse":
        return np.where(x < 0.25, 16 * x, 0)
    if kind == "holes":  # rows and columns of zeros
        x[1::7] = 0
        x[:, 2::5] = 0
        return x
    if kind == "tiny":
        return x * 1e-9
    raise ValueError(kind)


def rounded(a):
    return [float(f"{v:.13g}") for v in np.asarray(a).ravel()]


CASES = []


def case(name, kind="uniform", rows=30, cols=17, seed=1, sparse=False, rule=False, solver="cd",
         batches=None, fold=False, **params):
    """Fits and records. rule: the stop rule is on; fold: rows are folded in; batches: of partial_fit."""
    given = matrix(kind, rows, cols, seed)
    x = sp.csr_matrix(given) if sparse else given
    params = {"n_components": 3, "init": "random", "random_state": 0, "alpha_W": 0.0, "alpha_H": 0.0, "l1_ratio": 0.0,
              "max_iter": 200 if rule else 25, "tol": 1e-4 if rule else 0, "beta_loss": 2.0, **params}
    record = {"name": name, "kind": kind, "rows": rows, "cols": cols, "seed": seed, "sparse": sparse, "solver": solver,
              "params": dict(params), "batches": batches}
    custom = {}
    if params["init"] == "custom":
        k = params["n_components"]
        custom = {"W": matrix("uniform", rows, k, 101), "H": matrix("uniform", k, cols, 102)}
    if solver == "minibatch":
        est = MiniBatchNMF(**params)
    else:
        est = NMF(solver=solver, **params)
    if batches:
        at = 0
        for size in batches:
            est.partial_fit(x[at:at + size])
            at += size
        record["H"] = rounded(est.components_)
    else:
        w = est.fit_transform(x, **{key: a.copy() for key, a in custom.items()})
        record |= {"W": rounded(w), "H": rounded(est.components_), "n_iter": int(est.n_iter_),
                   "err": float(est.reconstruction_err_)}
    if fold:
        new = matrix(kind, 6, cols, seed + 1000)
        if sparse:
            new = sp.csr_matrix(new)
        record["joint"] = rounded(est.transform(new))
        record["alone"] = rounded(np.vstack([est.transform(new[i:i + 1]) for i in range(6)]))
    CASES.append(record)


PENALTIES = {
    "none": {},
    "l2": {"alpha_W": 0.02, "alpha_H": 0.01},
    "l1": {"alpha_W": 0.01, "alpha_H": 0.02, "l1_ratio": 1.0},
    "both": {"alpha_W": 0.02, "alpha_H": 0.0, "l1_ratio": 0.4},
}
SHAPES = {"tall": (150, 6), "wide": (7, 90), "square": (20, 20)}

# Coordinate descent.
for init in "random", "nndsvd", "nndsvda", "nndsvdar", "custom":
    for sparse in False, True:
        case(f"cd {init} sparse={sparse}", kind="sparse", init=init, sparse=sparse, fold=True)
for penalty, params in PENALTIES.items():
    for sparse in False, True:
        case(f"cd penalty {penalty} sparse={sparse}", kind="sparse", sparse=sparse, fold=True, **params)
for shape, (rows, cols) in SHAPES.items():
    for init in "random", "nndsvd", "nndsvda", "nndsvdar":
        case(f"cd {shape} {init}", rows=rows, cols=cols, init=init)
case("cd many components", rows=12, cols=5, n_components=9, fold=True)
case("cd one component", n_components=1, init="nndsvda", fold=True)
case("cd seventeen components", rows=40, cols=30, n_components=17, fold=True)
case("cd holes", kind="holes", fold=True)
case("cd holes sparse nndsvda", kind="holes", sparse=True, init="nndsvda")
case("cd tiny entries", kind="tiny", fold=True)
for sparse in False, True:
    case(f"cd shuffle sparse={sparse}", kind="sparse", sparse=sparse, shuffle=True, fold=True)
case("cd shuffle many components", rows=40, cols=30, n_components=11, shuffle=True, random_state=7)
for init in "random", "nndsvd", "nndsvda", "nndsvdar":
    case(f"cd rule {init}", rule=True, init=init, fold=True)
case("cd rule penalty", rule=True, fold=True, **PENALTIES["both"])
case("cd rule shuffle", rule=True, shuffle=True)

# Multiplicative updates.
for beta in 2.0, 1.0, 0.0, -1.2, 0.2, 0.5, 1.5, 2.5, 3.0:
    case(f"mu beta {beta}", kind="positive", solver="mu", beta_loss=beta, fold=True)
    case(f"mu beta {beta} rule", kind="positive", solver="mu", beta_loss=beta, rule=True, fold=True)
    for penalty in "l2", "l1", "both":
        # A penalty breaks scikit-learn's own transform for KL with L1: see above.
        ok = not (beta == 1 and penalty != "l2")
        case(f"mu beta {beta} penalty {penalty}", kind="positive", solver="mu", beta_loss=beta, fold=ok, **PENALTIES[penalty])
for beta in 2.0, 1.0, 0.2, 0.5, 1.5, 2.5:
    for sparse in False, True:
        case(f"mu zeros beta {beta} sparse={sparse}", kind="sparse", solver="mu", beta_loss=beta, sparse=sparse, fold=True)
    case(f"mu holes beta {beta}", kind="holes", solver="mu", beta_loss=beta)
for init in "nndsvd", "nndsvda", "nndsvdar", "custom":
    for beta in 2.0, 1.0:
        case(f"mu {init} beta {beta}", kind="sparse", sparse=True, solver="mu", init=init, beta_loss=beta)
for shape, (rows, cols) in SHAPES.items():
    case(f"mu {shape}", rows=rows, cols=cols, solver="mu", beta_loss=1.0, init="nndsvda")
case("mu long panels", rows=40, cols=300, solver="mu", beta_loss=1.5)
case("mu many components", rows=12, cols=5, n_components=9, solver="mu", beta_loss=1.0, fold=True)

# Mini-batches.
ONLINE = {"solver": "minibatch", "max_no_improvement": None}
for beta in 2.0, 1.0, 0.0, 0.5, 2.5:
    for fresh in False, True:
        case(f"minibatch beta {beta} fresh={fresh}", kind="positive", beta_loss=beta, batch_size=8, fresh_restarts=fresh,
             fold=True, **ONLINE)
for penalty in "l2", "l1", "both":
    case(f"minibatch penalty {penalty}", batch_size=8, **ONLINE, **PENALTIES[penalty])
    case(f"minibatch penalty {penalty} kl", kind="sparse", sparse=True, beta_loss=1.0, batch_size=8, **ONLINE, **PENALTIES[penalty])
case("minibatch sparse", kind="sparse", sparse=True, batch_size=8, **ONLINE)
case("minibatch sparse kl", kind="sparse", sparse=True, beta_loss=1.0, batch_size=8, **ONLINE)
case("minibatch forgetful", batch_size=4, forget_factor=0.1, **ONLINE)
case("minibatch nndsvda", batch_size=16, init="nndsvda", **ONLINE)
case("minibatch one batch", batch_size=100, **ONLINE)
for beta in 2.0, 1.0:
    case(f"minibatch rule beta {beta}", rule=True, solver="minibatch", rows=100, batch_size=16, beta_loss=beta)
    case(f"minibatch rule fresh beta {beta}", rule=True, solver="minibatch", rows=100, batch_size=16, beta_loss=beta, fresh_restarts=True)
for beta in 2.0, 1.0, 0.5:
    case(f"partial beta {beta}", kind="positive", rows=60, solver="minibatch", beta_loss=beta, batches=[20, 10, 30], fold=True)
case("partial nndsvda sparse", kind="sparse", rows=60, sparse=True, solver="minibatch", init="nndsvda", batches=[20, 20, 20])
case("partial penalty", rows=60, solver="minibatch", batches=[25, 35], **PENALTIES["both"])
case("partial larger than a batch", rows=60, solver="minibatch", batch_size=10, batches=[40, 20])

if sklearn.__version__ != PINNED:
    raise SystemExit(f"want scikit-learn {PINNED}, this is {sklearn.__version__}")
with gzip.GzipFile("goldens.json.gz", "wb", mtime=0) as f:
    f.write(json.dumps({"sklearn": sklearn.__version__, "numpy": np.__version__, "cases": CASES}).encode())
print(f"{len(CASES)} cases")
