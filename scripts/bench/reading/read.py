"""What pandas and scipy need to make a sparse matrix of a long table: seconds and the most memory in MB."""
import json, sys, time
import pandas as pd, scipy.sparse as sp

name, labels = sys.argv[1:]
start = time.perf_counter()
types = {"item_id": str, "user_id": str} if labels == "text" else None
t = pd.read_csv(name, dtype=types)
i, items = pd.factorize(t["item_id"], sort=True)
j, users = pd.factorize(t["user_id"], sort=True)
x = sp.csr_matrix((t["weight"].to_numpy(float), (i, j)), shape=(len(items), len(users)))
seconds = time.perf_counter() - start
peak = 0
try:
    peak = next(int(l.split()[1]) / 1024 for l in open("/proc/self/status") if l.startswith("VmHWM"))
except OSError:
    pass
print(json.dumps({"seconds": seconds, "mb": peak, "items": len(items), "users": len(users), "entries": x.nnz}))
