"""Writes Tests/MLOpsTrainTests/Fixtures/metrics.json: outcomes, and what scikit-learn and SciPy say of them.

Needs scikit-learn. Run it from the root of the package: python3 Tests/Oracles/metrics_oracle.py
"""

import json
import math
import warnings

import numpy as np
from sklearn import metrics

warnings.filterwarnings("ignore")


def plain(value):
    """The value as JSON, with null for not a number."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    value = float(value)
    return None if math.isnan(value) else value


def ece(truth, probabilities, bins):
    """Expected calibration error over (lower, upper] bins of the top probability, as in Guo et al., 2017."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    error = 0.0
    for bin in range(bins):
        inside = place == bin
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return error


def delong_variance(truth, scores):
    """The variance of the area under the curve by its definition over all pairs; slow and plain."""
    positives, negatives = scores[truth == 1], scores[truth == 0]
    pairs = (positives[:, None] > negatives[None, :]) + 0.5 * (positives[:, None] == negatives[None, :])
    return pairs.mean(axis=1).var(ddof=1) / len(positives) + pairs.mean(axis=0).var(ddof=1) / len(negatives)


def scores(truth, predicted, classes, beta):
    result = {}
    for policy in ["0", "1", "nan"]:
        zero = float(policy)
        sets = {}
        for average in [None, "macro", "micro", "weighted"]:
            p, r, f, _ = metrics.precision_recall_fscore_support(
                truth, predicted, beta=beta, labels=range(classes), average=average, zero_division=zero)
            sets[average or "classes"] = [plain(p), plain(r), plain(f)]
        result[policy] = sets
    return result


def case(name, truth, probabilities, classes, beta=1.0, abstain_below=0.0, with_area=False):
    truth = np.array(truth)
    probabilities = np.array(probabilities)
    predicted = probabilities.argmax(axis=1)
    predicted[probabilities.max(axis=1) < abstain_below] = -1
    matrix = metrics.confusion_matrix(truth, predicted, labels=list(range(classes)) + [-1])[:classes]
    result = {
        "name": name,
        "truth": truth.tolist(),
        "predicted": predicted.tolist(),
        "probabilities": probabilities.tolist(),
        "classCount": classes,
        "beta": beta,
        "counts": matrix.tolist(),
        "accuracy": plain(metrics.accuracy_score(truth, predicted)),
        "balancedAccuracy": plain(metrics.balanced_accuracy_score(truth, predicted)),
        "matthewsCorrelation": plain(metrics.matthews_corrcoef(truth, predicted)),
        "cohenKappa": plain(metrics.cohen_kappa_score(truth, predicted)),
        "scores": scores(truth, predicted, classes, beta),
        "logLoss": plain(metrics.log_loss(truth, probabilities, labels=range(classes))),
        "brier": plain(metrics.brier_score_loss(
            truth, probabilities if classes > 2 else probabilities[:, 1], labels=range(classes))),
        "ece": plain(ece(truth, probabilities, 15)),
    }
    if with_area:
        result["rocAUC"] = plain(metrics.roc_auc_score(truth, probabilities[:, 1]))
        result["rocAUCVariance"] = plain(delong_variance(truth, probabilities[:, 1]))
    return result


def draw(seed, count, classes, sharpness, decimals):
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, classes, count)
    logits = generator.normal(size=(count, classes))
    logits[np.arange(count), truth] += sharpness
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    if decimals:
        # Few digits make ties among the scores; the last class takes what is left.
        probabilities = np.round(probabilities, decimals)
        probabilities[:, -1] = np.round(1 - probabilities[:, :-1].sum(axis=1), decimals)
        probabilities = np.clip(probabilities, 0, 1)
    return truth, probabilities


def main():
    cases = []
    truth, probabilities = draw(1, 60, 2, 1.0, 1)
    cases.append(case("binary with ties", truth, probabilities, 2, with_area=True))
    truth, probabilities = draw(2, 50, 2, 2.0, 0)
    cases.append(case("binary with abstentions", truth, probabilities, 2, abstain_below=0.7, with_area=True))
    truth, probabilities = draw(3, 80, 4, 1.0, 0)
    cases.append(case("four classes", truth, probabilities, 4, beta=2.0))
    truth, probabilities = draw(4, 30, 3, 1.0, 0)
    truth[truth == 2] = 0
    cases.append(case("a class without examples", truth, probabilities, 3))
    probabilities[:, 1] = 0
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    cases.append(case("a class that is never predicted", truth, probabilities, 3, beta=0.5))
    cases.append(case("no class in common", [0, 0, 0], [[0.0, 1.0, 0.0]] * 3, 3))
    path = "Tests/MLOpsTrainTests/Fixtures/metrics.json"
    with open(path, "w") as file:
        json.dump({"cases": cases}, file, separators=(",", ":"))


if __name__ == "__main__":
    main()
