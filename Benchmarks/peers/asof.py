"""Joins the same two tables as of the time of each query: this package, pandas and DuckDB, turn by turn.

    python3 asof.py CONTENDER [--rows 1000000] [--keys 10000] [--threads 2] [--rounds 7] [--sorted] [--json FILE]

CONTENDER is the built AsOfContender. Both tables are in random order (--sorted: in order of time, which is what pandas'
own join asks for), so pandas' time is that of its two sorts and its join; DuckDB joins tables of its own into a table.
The three results must be equal, value by value, or nothing is reported. Times are medians over the rounds.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import duckdb
import numpy as np
import pandas as pd

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("contender")
parser.add_argument("--rows", type=int, default=1_000_000)
parser.add_argument("--keys", type=int, default=10_000)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--sorted", action="store_true")
parser.add_argument("--json", type=pathlib.Path)
options = parser.parse_args()

random = np.random.default_rng(1)
n = options.rows


def table(name):
    frame = pd.DataFrame({
        "k": random.integers(0, options.keys, n), "t": random.integers(0, 10**9, n), name: random.normal(size=n)})
    return frame.sort_values("t").reset_index(drop=True) if options.sorted else frame


queries = table("q").drop(columns="q")
# Among rows of one key and time the three may each take another.
rows = table("v").drop_duplicates(["k", "t"]).reset_index(drop=True)
queries["n"] = np.arange(len(queries))
database = duckdb.connect(config={"threads": options.threads})
database.register("queries_frame", queries)
database.register("rows_frame", rows)
database.execute("CREATE TABLE queries AS FROM queries_frame")
database.execute("CREATE TABLE known AS FROM rows_frame")


def with_pandas():
    start = time.perf_counter()
    left, right = queries, rows
    if not options.sorted:
        left, right = left.sort_values("t"), right.sort_values("t")
    merged = pd.merge_asof(left, right, on="t", by="k")
    seconds = time.perf_counter() - start
    return seconds, lambda: merged.sort_values("n").v.to_numpy()


def with_duckdb():
    start = time.perf_counter()
    database.execute("""CREATE OR REPLACE TABLE joined AS
        SELECT l.n, r.v FROM queries l ASOF LEFT JOIN known r ON l.k = r.k AND l.t >= r.t""")
    seconds = time.perf_counter() - start
    return seconds, lambda: database.execute("SELECT v FROM joined ORDER BY n").df().v.to_numpy()


with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "tables"
    with open(path, "wb") as file:
        np.array([len(queries), len(rows)], dtype=np.int64).tofile(file)
        for column in [queries.k, queries.t, rows.k, rows.t]:
            column.to_numpy(np.int64).tofile(file)
        rows.v.to_numpy(np.float64).tofile(file)
    process = subprocess.Popen(
        [options.contender, path, str(options.threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(command):
        process.stdin.write(command + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            sys.exit("the contender has ended")
        return line.strip()

    def with_ours():
        seconds = float(ask("join"))

        def values():
            ask(f"write {folder}/values")
            return np.fromfile(f"{folder}/values")
        return seconds, values

    contenders = [("swift-mlops", with_ours), ("pandas", with_pandas), ("DuckDB", with_duckdb)]
    results = [run()[1]() for _, run in contenders]
    for name, result in zip(["pandas", "DuckDB"], results[1:]):
        if not np.array_equal(results[0], result, equal_nan=True):
            sys.exit(f"the result differs from that of {name}")
    matched = int((~np.isnan(results[0])).sum())
    rounds = [[run()[0] for _, run in contenders] for _ in range(options.rounds)]
    process.stdin.close()
    process.wait()

order = "in order of time" if options.sorted else "in random order"
print(f"{len(queries):,} queries, {len(rows):,} rows, {options.keys:,} keys, {order}, {options.threads} threads: "
      f"{matched:,} answers, equal in all three")
report = []
for place, (name, _) in enumerate(contenders):
    times = [each[place] for each in rounds]
    ratios = [each[place] / each[0] for each in rounds]
    report.append({"name": name, "seconds": statistics.median(times), "ratio": statistics.median(ratios)})
    print(f"{name:12} {statistics.median(times):7.3f} s ({min(times):.3f}-{max(times):.3f})  "
          f"{statistics.median(ratios):5.2f} times ours ({min(ratios):.2f}-{max(ratios):.2f})")
if options.json:
    options.json.write_text(json.dumps(report, indent=2))
