"""Writes what Great Expectations concludes of a table, for Tests/MLOpsDataTests/Quality/ExpectationTests.swift.

    python Tests/Oracles/expectations_oracle.py Tests/MLOpsDataTests/Fixtures/quality/expectations.json

Needs: great_expectations. The file holds the table, the suite in the JSON of Great Expectations, and its results.
"""
import json
import sys

import great_expectations as gx
import pandas as pd

table = {
    "n": list(range(1, 21)),
    "x": [1.5, 2, 2, 3, 5, 8, 13, 21, 34, 55, 0.5, 0.25, -1, -2, 7, 7, 9, 100, 40, 3],
    "gap": [None if i % 6 == 2 else i for i in range(20)],
    "word": [f"ab{i % 7}" if i != 11 else "zz" for i in range(20)],
    "label": ["cat" if i % 3 else "dog" for i in range(20)],
    "up": [i // 2 for i in range(20)],
}


def one(kind, column=None, **arguments):
    if column:
        arguments["column"] = column
    return {"type": kind, "kwargs": arguments}


suite = [
    one("expect_column_to_exist", "n"),
    one("expect_column_to_exist", "m"),
    one("expect_column_values_to_not_be_null", "n"),
    one("expect_column_values_to_not_be_null", "gap"),
    one("expect_column_values_to_not_be_null", "gap", mostly=0.85),
    one("expect_column_values_to_not_be_null", "gap", mostly=0.86),
    one("expect_column_values_to_be_between", "x", min_value=-2, max_value=100),
    one("expect_column_values_to_be_between", "x", min_value=0, max_value=60),
    one("expect_column_values_to_be_between", "x", min_value=0, max_value=60, mostly=0.85),
    one("expect_column_values_to_be_between", "gap", max_value=18),
    one("expect_column_values_to_be_in_set", "label", value_set=["cat", "dog"]),
    one("expect_column_values_to_be_in_set", "label", value_set=["cat"]),
    one("expect_column_values_to_be_in_set", "gap", value_set=[0, 1, 3, 4, 5, 6, 7, 9, 10, 11]),
    one("expect_column_values_to_match_regex", "word", regex="^ab[0-6]$"),
    one("expect_column_values_to_match_regex", "word", regex="b"),
    one("expect_column_values_to_match_regex", "word", regex="^ab[0-6]$", mostly=0.95),
    one("expect_column_values_to_be_unique", "n"),
    one("expect_column_values_to_be_unique", "x"),
    one("expect_column_values_to_be_unique", "gap"),
    one("expect_column_values_to_be_increasing", "up"),
    one("expect_column_values_to_be_increasing", "up", strictly=True),
    one("expect_column_values_to_be_increasing", "n", strictly=True),
    one("expect_column_values_to_be_decreasing", "up"),
    one("expect_table_row_count_to_be_between", min_value=20, max_value=20),
    one("expect_table_row_count_to_be_between", min_value=21),
    one("expect_column_mean_to_be_between", "n", min_value=10.5, max_value=10.5),
    one("expect_column_mean_to_be_between", "gap", max_value=9),
    one("expect_column_quantile_values_to_be_between", "n",
        quantile_ranges={"quantiles": [0.5], "value_ranges": [[10, 11]]}),
    one("expect_column_quantile_values_to_be_between", "n",
        quantile_ranges={"quantiles": [0.9], "value_ranges": [[None, 12]]}),
    one("expect_column_kl_divergence_to_be_less_than", "label",
        partition_object={"values": ["cat", "dog"], "weights": [0.5, 0.5]}, threshold=0.06),
    one("expect_column_kl_divergence_to_be_less_than", "label",
        partition_object={"values": ["cat", "dog"], "weights": [0.5, 0.5]}, threshold=0.04),
]

context = gx.get_context(mode="ephemeral")
asset = context.data_sources.add_pandas("memory").add_dataframe_asset("table")
batch = asset.add_batch_definition_whole_dataframe("whole").get_batch(
    batch_parameters={"dataframe": pd.DataFrame(table)})
results = []
for expectation in suite:
    name = "".join(word.capitalize() for word in expectation["type"].split("_"))
    name = name.replace("KlDivergence", "KLDivergence")
    result = batch.validate(getattr(gx.expectations, name)(**expectation["kwargs"]))
    found = result.to_json_dict()
    details = found["result"]
    observed = details.get("observed_value")
    results.append({
        "met": bool(found["success"]), "unexpected": details.get("unexpected_count"),
        "observed": float(observed) if isinstance(observed, (int, float)) else None})
    print(expectation["type"], expectation["kwargs"], results[-1], file=sys.stderr)
json.dump({"great_expectations": gx.__version__, "table": table, "suite": suite, "results": results},
          open(sys.argv[1], "w"), separators=(",", ":"))
open(sys.argv[1], "a").write("\n")
