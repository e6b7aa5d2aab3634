"""Runs cells in a Jupyter kernel and prints what each of them gave, as JSON.

usage: cells.py KERNEL < cells.json

The cells are a list of strings. Each gives an object with status ("ok" or
"error"), stdout, stderr, error (text) and shown: the MIME bundles of what it
displayed and of its result, in order.
"""

import json
import sys

from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name=sys.argv[1], startup_timeout=60)
try:
    results = []
    for cell in json.load(sys.stdin):
        result = {"stdout": "", "stderr": "", "error": "", "shown": []}

        def collect(message):
            content = message["content"]
            match message["msg_type"]:
                case "stream":
                    result[content["name"]] += content["text"]
                case "display_data" | "execute_result":
                    result["shown"].append(content["data"])
                case "error":
                    result["error"] += "\n".join([content["evalue"], *content["traceback"]])

        reply = client.execute_interactive(cell, timeout=120, output_hook=collect)
        result["status"] = reply["content"]["status"]
        results.append(result)
    json.dump(results, sys.stdout)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
