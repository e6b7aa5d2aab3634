#!/usr/bin/env python3
"""Writes the .npz files of this folder with NumPy.

usage: make.py        (in this folder; NumPy 2.4.6 made what is checked in)
"""
import numpy as np

a = np.array([[1.5, 0, -2], [3, np.inf, 5e-324]])
arrays = {
    "f8": a, "f4": a.astype("f4"), "big": a.astype(">f8"), "fortran": np.asfortranarray(a),
    "i8": np.array([[1, -2, 3]]), "i4": np.array([-1, 2**31 - 1], "i4"), "u1": np.array([0, 255], "u1"),
    "bool": np.array([True, False]), "scalar": np.float64(7), "empty": np.zeros((0, 3)),
    "text": np.array(["", "é", "näme"]), "one": np.array("settings"), "bytes": np.array(b"csr"),
}
np.savez("stored.npz", **arrays)
np.savez_compressed("deflated.npz", **arrays)
np.savez("pickled.npz", o=np.array([{}], object))
np.savez("factors.npz", W=np.array([[1.0, 0], [2, 3], [4, 5]]), H=np.asfortranarray([[1, 2], [3, 4]]))
