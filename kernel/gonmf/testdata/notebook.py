"""Runs a notebook top to bottom and prints what went wrong, as JSON.

usage: notebook.py KERNEL FILE.ipynb

Prints an object with cells, the number of code cells that ran, and errors, a
text for each error output. The notebook itself is not changed.
"""

import json
import pathlib
import sys

import nbformat
from nbclient import NotebookClient

kernel, file = sys.argv[1], pathlib.Path(sys.argv[2])
notebook = nbformat.read(file, as_version=4)
nbformat.validate(notebook)
for cell in notebook.cells:
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None

NotebookClient(
    notebook,
    kernel_name=kernel,
    timeout=600,
    allow_errors=True,
    resources={"metadata": {"path": str(file.parent)}},
).execute()

ran, errors = 0, []
for number, cell in enumerate(notebook.cells, 1):
    if cell.cell_type != "code":
        continue
    ran += cell.execution_count is not None
    for output in cell.outputs:
        if output.output_type == "error":
            text = "\n".join([output.evalue, *output.traceback])
            errors.append(f"cell {number}:\n{cell.source}\n{text}")
json.dump({"cells": ran, "errors": errors}, sys.stdout)
