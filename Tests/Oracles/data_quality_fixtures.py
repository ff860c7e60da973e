"""Writes what other people's tools say about splits, labels, profiles and hashes, for Tests/MLOpsDataTests.

    python Tests/Oracles/data_quality_fixtures.py Tests/MLOpsDataTests/Fixtures

Needs: numpy scipy scikit-learn cleanlab imagehash pillow datasketches. All numbers that the tests need are in the files.
"""
import json
import pathlib
import sys

import cleanlab
import datasketches
import imagehash
import numpy as np
import scipy.fftpack
import scipy.stats
import sklearn
from PIL import Image
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold, TimeSeriesSplit

root = pathlib.Path(sys.argv[1])
out = root / "quality"
out.mkdir(exist_ok=True)
random = np.random.default_rng(20240601)


def write(name, value):
    (out / name).write_text(json.dumps(value, separators=(",", ":")) + "\n")


def tests(splitter, n, y=None, groups=None):
    return [{"training": a.tolist(), "test": b.tolist()}
            for a, b in splitter.split(np.zeros(n), y, groups)]


def folds():
    cases = []
    for n, k in [(10, 2), (11, 3), (23, 5), (7, 7)]:
        cases.append({"kind": "k", "n": n, "k": k, "folds": tests(KFold(k), n)})
    for n, k, weights in [(20, 3, [0.5, 0.5]), (53, 5, [0.7, 0.2, 0.1]), (31, 4, [0.25] * 4)]:
        y = random.choice(len(weights), n, p=weights).tolist()
        cases.append({"kind": "stratified", "n": n, "k": k, "classes": y, "folds": tests(StratifiedKFold(k), n, y)})
    for n, k, count in [(30, 3, 8), (60, 5, 12), (12, 4, 12)]:
        groups = random.integers(0, count, n).tolist() if count < n else list(range(n))
        cases.append({"kind": "group", "n": n, "k": k, "groups": groups, "folds": tests(GroupKFold(k), n, None, groups)})
    for n, k, size, gap, most in [(12, 3, None, 0, None), (25, 4, 3, 2, None), (40, 5, None, 1, 6)]:
        splitter = TimeSeriesSplit(k, test_size=size, gap=gap, max_train_size=most)
        cases.append({"kind": "forward", "n": n, "k": k, "testCount": size, "gap": gap, "maxTraining": most,
                      "folds": tests(splitter, n)})
    write("folds.json", {"scikit-learn": sklearn.__version__, "cases": cases})


def labels():
    cases = []
    for n, k, noise, sharpness in [(300, 2, 0.1, 3), (400, 3, 0.15, 2), (500, 5, 0.2, 1.5), (120, 4, 0.3, 1), (60, 3, 0, 6)]:
        true = random.integers(0, k, n)
        logits = random.normal(size=(n, k)) + sharpness * np.eye(k)[true]
        probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
        # Rounded before they are judged, so that both sides judge the same numbers.
        probabilities = np.round(probabilities, 9)
        given = np.where(random.random(n) < noise, random.integers(0, k, n), true)
        mask = cleanlab.filter.find_label_issues(given, probabilities, n_jobs=1)
        ranked = cleanlab.filter.find_label_issues(
            given, probabilities, n_jobs=1, return_indices_ranked_by="self_confidence")
        margins = cleanlab.rank.get_normalized_margin_for_each_label(given, probabilities)
        joint = cleanlab.count.compute_confident_joint(given, probabilities)
        cases.append({"labels": given.tolist(), "probabilities": probabilities.tolist(),
                      "issues": np.where(mask)[0].tolist(), "ranked": ranked.tolist(), "joint": joint.tolist(),
                      "margins": margins[mask].tolist()})
    write("label_issues.json", {"cleanlab": cleanlab.__version__, "cases": cases})


def hashes():
    """Of the pixels that the decoder's own test compares with: turned upright, red, green and blue."""
    found = {}
    for path in sorted((root / "images").glob("*.ppm")):
        image = Image.open(path)
        small = np.asarray(image.convert("L").resize((32, 32), Image.Resampling.LANCZOS))
        frequencies = scipy.fftpack.dct(scipy.fftpack.dct(small, axis=0), axis=1)[:8, :8]
        # Bits of frequencies that are the median but for rounding mean nothing.
        ties = int((np.abs(frequencies - np.median(frequencies)) < 1e-6).sum())
        found[path.name] = {"difference": str(imagehash.dhash(image)), "perceptual": str(imagehash.phash(image)),
                            "ties": ties}
    write("hashes.json", found)


def profiles():
    values = np.round(random.lognormal(1, 0.8, 2000), 6)
    shares = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]
    kll = datasketches.kll_doubles_sketch(200)
    for value in values:
        kll.update(float(value))
    write("profile.json", {
        "values": values.tolist(), "mean": float(values.mean()), "variance": float(values.var()),
        "skewness": float(scipy.stats.skew(values)), "kurtosis": float(scipy.stats.kurtosis(values)),
        "shares": shares, "quantiles": np.quantile(values, shares).tolist(),
        "rankError": kll.normalized_rank_error(False)})


folds()
labels()
hashes()
profiles()
