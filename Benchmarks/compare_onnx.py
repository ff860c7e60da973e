"""Runs ONNX models here and in ONNX Runtime, turn by turn on the same cores, and prints how much faster this package is.

    python3 compare_onnx.py CONTENDER MODELS [--rounds 8] [--threads 1 2] [--only NAME ...] [--json FILE]

CONTENDER is the built program ONNXContender, MODELS the folder that `peers/onnx_bench_models.py` wrote. For each model:
runs, with ratios and what counts as in `compare.py`; opening; opening with a first run, for who leaves work of opening to
the first run has not saved it; the most memory that a process of each took after both; and
the greatest difference of our outputs from ONNX Runtime's, as a share of the greatest of them.
"""
import argparse
import json
import os
import pathlib
import sys

import compare
from compare import PEERS, Contender, rows

# Runs of one turn: enough to take a few hundredths of a second.
TIMES = {"petNet-b1": 40, "petNet-b32": 3, "bert-128": 10, "mobilenet_v2-224": 10}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("contender", type=pathlib.Path)
    parser.add_argument("models", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, min(2, os.cpu_count())])
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    table = []
    print(f"{'work':36} {'ours':>9} {'peer':>22} {'theirs':>9} {'unit':9} ratio", flush=True)
    for folder in sorted(path.parent for path in options.models.glob("*/model.json")):
        name = folder.name
        if options.only and name not in options.only:
            continue
        for threads in options.threads:
            ours = Contender("swift-mlops", [options.contender, threads, folder], threads)
            peer = Contender(
                "onnxruntime", [sys.executable, PEERS / "onnx_model_contender.py", threads, folder], threads)
            times, label = TIMES.get(name, 4), f"{threads} thread{'s' if threads > 1 else ''}"
            try:
                table += rows(f"{name}, {label}", [lambda: ours, lambda: peer], f"infer {times}", times, options.rounds, "runs/s")
                table += rows(f"open {name}, {label}", [lambda: ours, lambda: peer], "load", 1, max(2, options.rounds // 2), "1/s")
                table += rows(
                    f"open and run once {name}, {label}", [lambda: ours, lambda: peer], "start", 1,
                    max(2, options.rounds // 2), "1/s")
                peaks = [contender.ask("peak") / 2**20 for contender in (ours, peer)]
                print(f"{f'peak memory, {name}, {label}':36} {peaks[0]:9.0f} {'onnxruntime':>22} {peaks[1]:9.0f} MiB",
                      flush=True)
                table.append({"work": f"peak memory, {name}, {label}", "peer": "onnxruntime", "ours": peaks[0],
                              "theirs": peaks[1], "unit": "MiB", "ratio": peaks[1] / peaks[0]})
                difference = ours.answer("check").split()[1]
                print(f"{f'difference, {name}, {label}':36} {float(difference):9.1e}", flush=True)
            except SystemExit as failure:
                print(f"{name}, {label}: not run here: {failure}", flush=True)
            Contender.end_all()
    if options.json:
        options.json.write_text(json.dumps(table, indent=2))


if __name__ == "__main__":
    compare.wanted = [""]
    try:
        main()
    finally:
        Contender.end_all()
