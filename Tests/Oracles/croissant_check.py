"""Loads the records of a Croissant export with mlcroissant, which checks the file's digest, and compares them.

Usage: croissant_check.py FOLDER, with croissant.json and records.jsonl.
"""

import json
import pathlib
import sys

import mlcroissant
import pandas as pd

folder = pathlib.Path(sys.argv[1])
dataset = mlcroissant.Dataset(jsonld=folder / "croissant.json")


def text(value):
    return None if pd.isna(value) else value.decode() if isinstance(value, bytes) else value


found = [{key.removeprefix("records/"): text(value) for key, value in record.items()} for record in dataset.records("records")]
lines = [json.loads(line) for line in (folder / "records.jsonl").read_text().splitlines()]
columns = {key for line in lines for key in line}
expected = [{column: line.get(column) for column in columns} for line in lines]
assert found == expected, (found, expected)
print(f"  {len(found)} records loaded, as written")
