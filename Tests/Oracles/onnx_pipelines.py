#!/usr/bin/env python3
"""Fits scikit-learn's common pipelines on made-up tables, exports them by skl2onnx, and adds ONNX Runtime's outputs.

    pip install scikit-learn skl2onnx onnx onnxruntime
    python3 Tests/Oracles/onnx_pipelines.py /tmp/onnx-pipelines
    MLOPS_ONNX_MODELS=/tmp/onnx-pipelines swift test -c release --disable-testable-imports --filter ModelConformance

One folder a pipeline, laid out as by onnx_models.py. The probabilities that ZipMap gives, a list of dictionaries, are
written as the matrix of their values, with the keys in classes.pb: labels of whole numbers or strings.
"""
import pathlib
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from skl2onnx import to_onnx
from skl2onnx.common import _container as container
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    AdaBoostClassifier, ExtraTreesRegressor, GradientBoostingClassifier, GradientBoostingRegressor,
    HistGradientBoostingClassifier, HistGradientBoostingRegressor, IsolationForest, RandomForestClassifier,
    RandomForestRegressor)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, SGDClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    Binarizer, FunctionTransformer, KBinsDiscretizer, MinMaxScaler, Normalizer, OneHotEncoder, OrdinalEncoder,
    PolynomialFeatures, RobustScaler, StandardScaler)
from sklearn.svm import SVC, SVR, LinearSVC, NuSVC, OneClassSVM
from sklearn.tree import DecisionTreeClassifier

OPERATOR_SETS = {"": 18, "ai.onnx.ml": 3}
random = np.random.default_rng(5)
X = random.standard_normal((240, 6)).astype(np.float32)
SCORE = X[:, 0] + X[:, 1] * X[:, 2] - 0.5 * X[:, 3]
BINARY = (SCORE > 0).astype(np.int64)
THREE = np.digitize(SCORE, [-0.7, 0.7]).astype(np.int64)
NAMES = np.array(["low", "middle", "über"])[THREE]
HOLES = np.where(random.random(X.shape) < 0.1, np.nan, X).astype(np.float32)
COLORS = random.choice(["red", "green", "blue", "straße"], (240, 2)).astype(object)
FIRST = X[:40]


def table() -> tuple[object, dict[str, np.ndarray], list]:
    """A table with numbers, some missing, and categories."""
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    columns = ColumnTransformer(
        [("numbers", numbers, [0, 1]), ("categories", OneHotEncoder(handle_unknown="ignore"), [2, 3])])
    rows = np.concatenate([HOLES[:, :2].astype(object), COLORS], axis=1)
    model = make_pipeline(columns, LogisticRegression(max_iter=500)).fit(rows, NAMES)
    inputs = {"numbers": HOLES[:40, :2], "categories": COLORS[:40].copy()}
    inputs["categories"][0, 0] = "unseen"
    return model, inputs, [("numbers", FloatTensorType([None, 2])), ("categories", StringTensorType([None, 2]))]


# name: (model, y or None, x to fit on)
MODELS = {
    "logistic_regression": (LogisticRegression(), BINARY, X),
    "logistic_regression_names": (LogisticRegression(), NAMES, X),
    "sgd_classifier": (SGDClassifier(loss="modified_huber", random_state=1), THREE, X),
    "linear_regression": (LinearRegression(), SCORE, X),
    "linear_regression_two": (LinearRegression(), np.stack([SCORE, -SCORE * 2], 1), X),
    "decision_tree": (DecisionTreeClassifier(max_depth=6, random_state=1), NAMES, X),
    "random_forest": (RandomForestClassifier(30, random_state=1), THREE, X),
    "random_forest_binary": (RandomForestClassifier(30, random_state=1), BINARY, X),
    "random_forest_regressor": (RandomForestRegressor(30, random_state=1), SCORE, X),
    "extra_trees_regressor": (ExtraTreesRegressor(20, random_state=1), np.stack([SCORE, X[:, 0]], 1), X),
    "gradient_boosting": (GradientBoostingClassifier(n_estimators=25, random_state=1), THREE, X),
    "gradient_boosting_binary": (GradientBoostingClassifier(n_estimators=25, random_state=1), BINARY, X),
    "gradient_boosting_regressor": (GradientBoostingRegressor(n_estimators=25, random_state=1), SCORE, X),
    "hist_gradient_boosting": (HistGradientBoostingClassifier(max_iter=20, random_state=1), THREE, HOLES),
    "hist_gradient_boosting_binary": (HistGradientBoostingClassifier(max_iter=20, random_state=1), BINARY, HOLES),
    "hist_gradient_boosting_regressor": (HistGradientBoostingRegressor(max_iter=20, random_state=1), SCORE, HOLES),
    "ada_boost": (AdaBoostClassifier(n_estimators=10, random_state=1), THREE, X),
    "isolation_forest": (IsolationForest(n_estimators=10, random_state=1), None, X),
    "svc": (SVC(probability=True, random_state=1), NAMES, X),
    "svc_binary": (SVC(probability=True, random_state=1), BINARY, X),
    "svc_polynomial": (SVC(kernel="poly", degree=2, coef0=1.0), THREE, X),
    "nu_svc": (NuSVC(kernel="sigmoid", gamma=0.1, nu=0.3), THREE, X),
    "linear_svc": (LinearSVC(), THREE, X),
    "svr": (SVR(), SCORE, X),
    "one_class_svm": (OneClassSVM(), None, X),
    "calibrated": (CalibratedClassifierCV(LinearSVC(), cv=2), BINARY, X),
    "k_neighbors": (KNeighborsClassifier(5), THREE, X),
    "k_neighbors_regressor": (KNeighborsRegressor(3, weights="distance"), SCORE, X),
    "k_means": (KMeans(4, n_init=1, random_state=1), None, X),
    "gaussian_nb": (GaussianNB(), THREE, X),
    "mlp": (make_pipeline(StandardScaler(), MLPClassifier((16,), max_iter=60, random_state=1)), NAMES, X),
    "mlp_regressor": (MLPRegressor(hidden_layer_sizes=(16, 8), activation="tanh", max_iter=60, random_state=1), SCORE, X),
    "pca": (make_pipeline(StandardScaler(), PCA(3), LogisticRegression()), BINARY, X),
    "scalers": (make_pipeline(RobustScaler(), MinMaxScaler(), Normalizer("l2"), LogisticRegression()), BINARY, X),
    "normalizers": (make_pipeline(Normalizer("l1"), Normalizer("max")), None, X),
    "binarizer": (Binarizer(threshold=0.2), None, X),
    "imputer": (SimpleImputer(strategy="mean"), None, HOLES),
    "bins": (KBinsDiscretizer(4, encode="onehot-dense", quantile_method="averaged_inverted_cdf"), None, X),
    "polynomial": (make_pipeline(PolynomialFeatures(2), LinearRegression()), SCORE, X),
    "one_hot_strings": (OneHotEncoder(handle_unknown="ignore"), None, COLORS),
    "ordinal_strings": (OrdinalEncoder(), None, COLORS),
}


def make_node(*arguments: object, **attributes: object) -> onnx.NodeProto:
    """As of onnx, whose attributes hold no truth values, such as skl2onnx makes of boosted trees."""
    for name, value in attributes.items():
        if isinstance(value, (list, np.ndarray)) and any(isinstance(item, (bool, np.bool_)) for item in value):
            attributes[name] = [int(item) for item in value]
    return onnx.helper.make_node(*arguments, **attributes)


container.make_node = make_node


def first_inputs(x: np.ndarray) -> tuple[dict[str, np.ndarray], list]:
    rows = (x.reshape(-1, 1) if x.ndim == 1 else x)[:40].copy()
    if rows.dtype == np.float32:
        return {"x": rows}, [("x", FloatTensorType([None, rows.shape[1]]))]
    return {"x": rows.astype(object)}, [("x", StringTensorType([None, rows.shape[1]]))]


def write(folder: pathlib.Path, model: bytes, inputs: dict[str, np.ndarray]) -> set[str]:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    values = {info.name: inputs[info.name] for info in session.get_inputs()}
    outputs, classes = session.run(None, values), None
    for index, output in enumerate(outputs):
        stated = session.get_outputs()[index].shape
        if not isinstance(output, list) and any(isinstance(a, int) and a != b for a, b in zip(stated, output.shape)):
            raise ValueError(f"it states an output {stated}, but gives {output.shape}")
        if isinstance(output, list):
            classes = np.array(list(output[0]), dtype=object if isinstance(next(iter(output[0])), str) else np.int64)
            outputs[index] = np.array([list(row.values()) for row in output], np.float32)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model)
    (folder / "tolerance.txt").write_text("1e-5 1e-5\n")
    files = {f"input_{i}": v for i, v in enumerate(values.values())} | {f"output_{i}": v for i, v in enumerate(outputs)}
    if classes is not None:
        files["classes"] = classes
    for name, value in files.items():
        (folder / f"{name}.pb").write_bytes(numpy_helper.from_array(np.asarray(value)).SerializeToString())
    return {f"{node.domain}.{node.op_type}".lstrip(".") for node in onnx.load_from_string(model).graph.node}


def main() -> int:
    warnings.simplefilter("ignore")
    target = pathlib.Path(sys.argv[1])
    operators, left_out, count = set(), [], 0
    cases = dict(MODELS) | {"table": None}
    for name in cases:
        try:
            if name == "table":
                model, inputs, types = table()
                classifier = model
            else:
                estimator, y, x = cases[name]
                rows = x if y is None else x[: len(y)]
                model = estimator.fit(rows) if y is None else estimator.fit(rows, y)
                inputs, types = first_inputs(x)
                classifier = model
            options = [True, False] if hasattr(classifier, "predict_proba") else [None]
            for zipmap in options:
                chosen = {} if zipmap is None else {id(classifier): {"zipmap": zipmap}}
                exported = to_onnx(model, initial_types=types, options=chosen, target_opset=OPERATOR_SETS)
                suffix = "" if zipmap in (None, False) else "_zip"
                operators |= write(target / f"{name}{suffix}", exported.SerializeToString(), inputs)
                count += 1
        except Exception as error:
            left_out.append(f"{name}: {type(error).__name__} {str(error).splitlines()[0][:150]}")
    print(f"{count} models, {len(operators)} operators: {', '.join(sorted(operators))}")
    for line in left_out:
        print("left out:", line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
