"""Writes what scikit-learn makes of a small table, for Tests/MLOpsDataTests.

    python3 Tests/Oracles/preparation_oracle.py Tests/MLOpsDataTests/Fixtures/preparation.json
"""
import json
import sys

import numpy as np
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, RobustScaler, StandardScaler

rng = np.random.default_rng(7)


def rows(count):
    numbers = np.stack([
        rng.normal(40, 12, count), rng.gamma(2, 3, count), rng.integers(0, 5, count).astype(float),
        1e6 + rng.normal(0, 1, count), np.full(count, 3.0)], axis=1)
    numbers[rng.random(count) < 0.2, 0] = np.nan
    numbers[rng.random(count) < 0.2, 1] = np.nan
    numbers[rng.random(count) < 0.2, 2] = np.nan
    breed = rng.choice(["beagle", "poodle", "Siamese", "мопс", "húsky"], count).astype(object)
    size = rng.choice(["small", "medium", "large"], count).astype(object)
    breed[rng.random(count) < 0.1] = None
    return numbers, breed, size


numbers, breed, size = rows(101)
later, later_breed, later_size = rows(23)
later_breed[3] = "unheard of"
later_size[4] = "giant"

steps = [
    ("age", [0], make_pipeline(SimpleImputer(strategy="mean", add_indicator=False), StandardScaler())),
    ("weight", [1], make_pipeline(SimpleImputer(strategy="median"), RobustScaler())),
    ("visits", [2], make_pipeline(SimpleImputer(strategy="most_frequent"), MinMaxScaler((-1, 2)))),
    ("time", [3], StandardScaler()),
    ("constant", [4], MinMaxScaler()),
    ("breed", [5], make_pipeline(
        SimpleImputer(strategy="most_frequent", missing_values=None), OneHotEncoder(handle_unknown="ignore", sparse_output=False))),
    ("size", [6], OrdinalEncoder(
        categories=[["small", "medium", "large"]], handle_unknown="use_encoded_value", unknown_value=-1)),
]
transformer = ColumnTransformer([(name, step, columns) for name, columns, step in steps], sparse_threshold=0)


def table(numbers, breed, size):
    return np.column_stack([numbers.astype(object), breed, size])


transformer.fit(table(numbers, breed, size))
names = ["age", "weight", "visits", "time", "constant"]


def values(numbers, breed, size):
    result = {name: [None if np.isnan(v) else v for v in numbers[:, i]] for i, name in enumerate(names)}
    return dict(result, breed=list(breed), size=list(size))


document = {
    "made by": f"scikit-learn {sklearn.__version__}",
    "training": values(numbers, breed, size),
    "later": values(later, later_breed, later_size),
    "features": [[float(v) for v in row] for row in transformer.transform(table(later, later_breed, later_size))],
}
with open(sys.argv[1], "w") as file:
    json.dump(document, file, ensure_ascii=False, separators=(",", ":"))
    file.write("\n")
