"""Writes Tests/MLOpsMonitorTests/Fixtures/drift.json: what SciPy, statsmodels and Fairlearn say on small columns.

Run: python3 Tests/Oracles/drift_oracle.py     (needs numpy, scipy, statsmodels, fairlearn)
"""
import json
import math
import pathlib

import numpy as np
import scipy
import scipy.stats as st
from fairlearn.metrics import demographic_parity_difference, equalized_odds_difference
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint


def column(count, multiplier, shift, modulus=10007):
    """Values that every IEEE machine computes alike."""
    return [((i * multiplier) % modulus) / modulus + shift for i in range(1, count + 1)]


def psi(recent, reference, bins, empty):
    ordered = sorted(reference)
    edges = []
    for k in range(1, bins):
        edge = ordered[math.ceil(k * len(ordered) / bins) - 1]
        if edge < ordered[-1] and edge not in edges:
            edges.append(edge)
    r = np.bincount(np.searchsorted(edges, recent, side="left"), minlength=len(edges) + 1) / len(recent)
    s = np.bincount(np.searchsorted(edges, reference, side="left"), minlength=len(edges) + 1) / len(reference)
    r, s = np.where(r == 0, empty, r), np.where(s == 0, empty, s)
    value = float(np.sum((r - s) * np.log(r / s)))
    return value, float(st.chi2.sf(value / (1 / len(recent) + 1 / len(reference)), len(edges)))


pairs = [
    (20, 31, 25, 57, 0.10), (50, 31, 40, 57, 0.30), (120, 31, 120, 57, 0.05), (300, 311, 200, 57, 0.08),
    (1000, 311, 800, 577, 0.02), (1000, 311, 3000, 577, 0.10), (5000, 3119, 4000, 577, 0.015),
    (9000, 3119, 9500, 577, 0.003), (9000, 3119, 9500, 577, 0.05),
]
ks, psis = [], []
for m, a, n, b, shift in pairs:
    x, y = column(m, a, shift), column(n, b, 0)
    asymptotic = st.ks_2samp(x, y, method="asymp")
    exact = st.ks_2samp(x, y, method="exact")
    ks.append(dict(recent=[m, a], reference=[n, b], shift=shift, statistic=float(asymptotic.statistic),
                   asymptotic=float(asymptotic.pvalue), exact=float(exact.pvalue)))
    value, p = psi(x, y, 10, 1e-4)
    psis.append(dict(recent=[m, a], reference=[n, b], shift=shift, index=value, pValue=p))

kolmogorov = []
for n in (1, 2, 7, 20, 60, 100, 140, 141, 500, 3000, 40000, 100000, 250000):
    for z in (0.35, 0.5, 0.8, 0.86, 1.0, 1.3, 1.45, 1.5, 1.9, 2.2, 3.0):
        x = z / math.sqrt(n)
        kolmogorov.append(dict(n=n, x=x, survival=float(st.kstwo.sf(x, n))))

tables = [[[50, 50], [65, 35]], [[120, 80, 40], [100, 110, 30]], [[500, 490, 30, 12], [480, 530, 10, 25]],
          [[1000, 1000], [1010, 990]]]
chi = []
for table in tables:
    result = st.chi2_contingency(table, correction=False)
    total = sum(map(sum, table))
    chi.append(dict(table=table, cramersV=math.sqrt(result.statistic / total), pValue=float(result.pvalue)))

chi_survival = [dict(x=x, df=df, survival=float(st.chi2.sf(x, df)))
                for df in (1, 2, 5, 9, 40, 200) for x in (0.01, 0.5, 3.0, 9.5, 40.0, 210.0, 600.0)]

newcombe = []
for a, m, b, n in [(65, 100, 50, 100), (9, 10, 3, 10), (0, 20, 5, 30), (480, 1000, 500, 1000)]:
    low, high = confint_proportions_2indep(a, m, b, n, compare="diff", method="newcomb")
    newcombe.append(dict(counts=[a, m, b, n], lower=float(low), upper=float(high)))

p_values = [0.001, 0.2, 0.012, 0.04, 0.6, 0.03, 0.012, 0.9]
rng = np.random.default_rng(7)
groups = rng.choice(["east", "north", "west"], 300)
truth = rng.integers(0, 2, 300)
predicted = np.where(rng.random(300) < np.where(groups == "west", 0.35, 0.1), 1 - truth, truth)
fairness = dict(
    groups=groups.tolist(), truth=truth.tolist(), predicted=predicted.tolist(),
    demographicParityDifference=float(demographic_parity_difference(truth, predicted, sensitive_features=groups)),
    equalizedOddsDifference=float(equalized_odds_difference(truth, predicted, sensitive_features=groups)))

slope_y = [30 + 0.05 * i + math.sin(i * 1.7) for i in range(40)]
line = st.linregress([60.0 * i for i in range(40)], slope_y)

out = dict(
    versions=dict(scipy=scipy.__version__), ks=ks, psi=psis, kolmogorov=kolmogorov, chiSquared=chi,
    chiSquaredSurvival=chi_survival, newcombe=newcombe,
    benjaminiHochberg=dict(pValues=p_values, adjusted=st.false_discovery_control(p_values).tolist()),
    fairness=fairness,
    trend=dict(values=slope_y, slope=float(line.slope), slopeError=float(line.stderr), intercept=float(line.intercept)))
path = pathlib.Path(__file__).parent.parent / "MLOpsMonitorTests" / "Fixtures" / "drift.json"
path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
print(path, path.stat().st_size)
