"""Writes Tests/MLOpsDataTests/Fixtures/agreement.json: ratings, and what scikit-learn, statsmodels and krippendorff say.

Needs scikit-learn, statsmodels and krippendorff. Run it from the root of the package.
"""

import json

import krippendorff
import numpy as np
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa, to_table

LEVELS = ["low", "middle", "high", "top"]


def ratings(random, items, annotators, levels, missing):
    """Labels that agree more often than chance has it."""
    truth = random.integers(0, levels, items)
    table = []
    for value in truth:
        row = [int(value) if random.random() < 0.6 else int(random.integers(0, levels)) for _ in range(annotators)]
        table.append([None if random.random() < missing else rating for rating in row])
    return table


def cohen(table, levels):
    pairs = np.array([(row[0], row[1]) for row in table if row[0] is not None and row[1] is not None])
    result = {}
    for name, weights, wt in [("equal", None, None), ("linear", "linear", "linear"), ("quadratic", "quadratic", "quadratic")]:
        labels = list(range(levels))
        counts = np.zeros((levels, levels))
        for first, second in pairs:
            counts[first, second] += 1
        theirs = cohens_kappa(counts, wt=wt)
        result[name] = {
            "kappa": float(cohen_kappa_score(pairs[:, 0], pairs[:, 1], labels=labels, weights=weights)),
            "lower": float(theirs.kappa_low), "upper": float(theirs.kappa_upp), "count": len(pairs)}
    return result


def alpha(table, level):
    data = [[np.nan if row[column] is None else row[column] for row in table] for column in range(len(table[0]))]
    return float(krippendorff.alpha(reliability_data=np.array(data, dtype=float), level_of_measurement=level))


random = np.random.default_rng(20)
cases = []
for items, annotators, levels, missing in [(40, 2, 4, 0), (60, 2, 3, 0.2), (50, 5, 4, 0.3), (30, 4, 4, 0), (200, 3, 2, 0.1)]:
    table = ratings(random, items, annotators, levels, missing)
    case = {
        "levels": LEVELS[:levels], "ratings": table, "cohen": cohen(table, levels),
        "alpha": {level: alpha(table, level) for level in ["nominal", "ordinal", "interval"]}}
    if missing == 0:
        case["fleiss"] = float(fleiss_kappa(aggregate_raters(np.array(table))[0], method="fleiss"))
    cases.append(case)
path = "Tests/MLOpsDataTests/Fixtures/agreement.json"
with open(path, "w") as file:
    json.dump(cases, file)
print(path, len(cases), "cases")
