"""What 08-from-scikit-learn.ipynb shows beside the Go, section by section."""

# The data
import gzip
import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.decomposition import NMF

table = pd.read_csv(gzip.open("data/names.csv.gz"), keep_default_na=False)
items, i = np.unique(table.item_id, return_inverse=True)
users, j = np.unique(table.user_id, return_inverse=True)
X = sp.csr_matrix((np.sqrt(table.weight), (i, j)))
print(*X.shape, X.nnz)

# The fit
model = NMF(8, init="random", random_state=42, max_iter=300)
W = model.fit_transform(X)
H = model.components_
print(model.n_iter_, f"{model.reconstruction_err_:.9f}")

# The factors
for t in range(3):
    print(*[f"{v:.8f}" for v in H[t, :4]])

# What belongs to a component
for t in range(3):
    best = np.argsort(-W[:, t], kind="stable")[:5]
    print(t, *items[best])

# Clusters
print(*np.bincount(W.argmax(axis=1), minlength=8))

# New rows
place = np.flatnonzero(items == "evelyn_f")[0]
w = model.transform(X[place])
print(*[f"{v:.8f}" for v in w[0, :5]])
joint = model.transform(X[:300])
print(f"{joint.sum():.6f}")

# Another loss
kl = NMF(4, init="nndsvda", random_state=0, solver="mu", beta_loss="kullback-leibler", max_iter=100, tol=0)
kl.fit(X)
print(kl.n_iter_, f"{kl.reconstruction_err_:.6f}")

# Penalties
sparse = NMF(8, init="random", random_state=42, alpha_W=0.001, l1_ratio=1.0, max_iter=300)
print((sparse.fit_transform(X) == 0).sum(), (sparse.components_ == 0).sum())
