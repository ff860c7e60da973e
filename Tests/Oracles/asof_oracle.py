"""Writes Tests/MLOpsDataTests/Fixtures/asof.json: as-of joins, with the answers of pandas and DuckDB.

Where both can say what is asked for they must agree, or nothing is written. Joins that know when a row was created are
answered by DuckDB with a window over the plain join of both tables. Needs pandas and duckdb. Run it from the root.
"""

import json

import duckdb
import numpy as np
import pandas as pd


def case(random, queries, rows, keys, span, ties, tolerance, created, gaps):
    """Tables in random order; small spans give ties of time."""
    asked = pd.DataFrame({
        "k": random.integers(0, keys, queries), "t": random.integers(0, span, queries), "q": np.arange(queries)})
    known = pd.DataFrame({
        "k": random.integers(0, keys, rows), "t": random.integers(0, span, rows), "r": np.arange(rows)})
    if not ties:
        known = known.drop_duplicates(["k", "t"]).reset_index(drop=True)
        known["r"] = np.arange(len(known))
    known["v"] = [None if random.random() < gaps else round(float(x), 6) for x in random.normal(size=len(known))]
    result = {"tolerance": tolerance, "queryKeys": asked.k.tolist(), "queryTimes": asked.t.tolist(),
              "rowKeys": known.k.tolist(), "rowTimes": known.t.tolist(),
              "values": [None if pd.isna(x) else x for x in known.v]}
    if created:
        known["c"] = known.t + random.integers(-span // 10, span // 3, len(known))
        result["created"] = known.c.tolist()
        limit = "" if tolerance is None else f"AND l.t - r.t <= {tolerance}"
        found = duckdb.sql(f"""
            SELECT q, r FROM (
                SELECT l.q, CASE WHEN true {limit} THEN r.r END AS r,
                    row_number() OVER (PARTITION BY l.q ORDER BY r.t DESC, r.c DESC, r.r DESC) AS place
                FROM asked l JOIN known r ON l.k = r.k AND r.t <= l.t AND r.c <= l.t)
            WHERE place = 1""").df()
        answers = dict(zip(found.q.tolist(), found.r.tolist()))
        result["answers"] = [
            -1 if q not in answers or pd.isna(answers[q]) else int(answers[q]) for q in range(queries)]
        return result
    merged = pd.merge_asof(
        asked.sort_values("t", kind="stable"), known.sort_values(["t", "r"], kind="stable"), on="t", by="k",
        tolerance=tolerance).sort_values("q")
    result["answers"] = [-1 if pd.isna(r) else int(r) for r in merged.r]
    if not ties and tolerance is None:
        # Among rows of one key and time DuckDB may take any, and it has no tolerance.
        theirs = duckdb.sql('SELECT l.q, r.r FROM asked l ASOF LEFT JOIN known r ON l.k = r.k AND l.t >= r.t ORDER BY q').df()
        assert [-1 if pd.isna(r) else int(r) for r in theirs.r] == result["answers"]
    return result


random = np.random.default_rng(17)
cases = [
    case(random, 300, 400, 20, 1000, False, None, False, 0),
    case(random, 300, 400, 20, 60, True, None, False, 0.2),
    case(random, 200, 300, 5, 2000, True, 40, False, 0.1),
    case(random, 300, 400, 10, 500, True, None, True, 0.1),
    case(random, 300, 400, 10, 500, True, 50, True, 0.1),
    case(random, 50, 1, 3, 100, True, None, False, 0),
    case(random, 400, 2000, 1, 5000, True, None, False, 0),
]
path = "Tests/MLOpsDataTests/Fixtures/asof.json"
with open(path, "w") as file:
    json.dump(cases, file, separators=(",", ":"))
print(path, len(cases), "cases")
