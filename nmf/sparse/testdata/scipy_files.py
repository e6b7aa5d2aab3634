"""Writes the files that ReadNPZ and ReadMatrixMarket are tested with.

    python scipy_files.py        # writes *.npz and *.mtx beside this file

All of them hold the same 3 x 4 matrix, written by SciPy 1.17.1 and NumPy 2.4.6:

    0   1.5  0    0
    2   0    0    3
    0   0    0.25 0
"""

import pathlib

import numpy as np
import scipy.io
import scipy.sparse as sp

here = pathlib.Path(__file__).parent
dense = np.array([[0, 1.5, 0, 0], [2, 0, 0, 3], [0, 0, 0.25, 0]])

for name in ("csr", "csc", "coo"):
    m = sp.coo_matrix(dense).asformat(name)
    sp.save_npz(here / f"{name}.npz", m, compressed=False)
    sp.save_npz(here / f"{name}_compressed.npz", m, compressed=True)

sp.save_npz(here / "csr_array_float32.npz", sp.csr_array(dense.astype(np.float32)))

# Entries out of order, with 1.5 in two parts.
sp.save_npz(
    here / "coo_duplicates.npz",
    sp.coo_matrix(([3, 1, 2, 0.25, 0.5], ([1, 0, 1, 2, 0], [3, 1, 0, 2, 1])), shape=(3, 4)),
)
sp.save_npz(
    here / "csr_unsorted.npz",
    sp.csr_matrix((np.array([1.5, 3, 2, 0.25]), np.array([1, 3, 0, 2]), np.array([0, 1, 3, 4])), shape=(3, 4)),
)

sp.save_npz(here / "bsr.npz", sp.bsr_matrix(dense, blocksize=(3, 2)))
sp.save_npz(here / "dia.npz", sp.dia_matrix(dense))
np.savez_compressed(here / "dense.npz", counts=np.asfortranarray(dense))
np.save(here / "dense.npy", dense.astype(np.float32))

scipy.io.mmwrite(here / "coordinate.mtx", sp.coo_matrix(dense))
scipy.io.mmwrite(here / "array.mtx", dense)
