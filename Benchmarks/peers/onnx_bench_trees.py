"""Makes ensembles of 500 decision trees, 10,000 rows for them, and ONNX Runtime's outputs, as onnx_bench_models.py does.

    python3 onnx_bench_trees.py FOLDER

`onnx_bench_models.py` makes them as well; `compare_onnx.py CONTENDER FOLDER` runs them. Needs scikit-learn, skl2onnx, onnx, onnxruntime.
"""
import json
import pathlib
import sys

import numpy as np
import onnxruntime
from skl2onnx import to_onnx
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier


def make(target):
    """Writes the ensembles into folders below `target`."""
    random = np.random.default_rng(3)
    x = random.standard_normal((2000, 20)).astype(np.float32)
    score = x[:, 0] + x[:, 1] * x[:, 2] - np.abs(x[:, 3])
    rows = random.standard_normal((10_000, 20)).astype(np.float32)
    models = {
        "trees-500-forest": RandomForestClassifier(500, max_depth=8, random_state=1, n_jobs=2).fit(
            x, np.digitize(score, [-1, 0.5])),
        "trees-500-boosted": GradientBoostingRegressor(n_estimators=500, max_depth=5, random_state=1).fit(x, score),
    }
    for name, model in models.items():
        content = to_onnx(
            model, x[:1], options={id(model): {"zipmap": False}} if hasattr(model, "classes_") else None,
            target_opset={"": 17, "ai.onnx.ml": 3}).SerializeToString()
        session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
        results = dict(zip([o.name for o in session.get_outputs()], session.run(None, {"X": rows}), strict=True))
        folder = pathlib.Path(target) / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model.onnx").write_bytes(content)
        description = {}
        for kind, tensors in (("inputs", {"X": rows}), ("outputs", results)):
            description[kind] = []
            for index, (key, array) in enumerate(tensors.items()):
                (folder / f"{kind}_{index}.bin").write_bytes(np.ascontiguousarray(array).tobytes())
                description[kind].append({
                    "name": key, "type": {"float32": "FP32", "int64": "INT64"}[str(array.dtype)],
                    "shape": list(array.shape), "file": f"{kind}_{index}.bin"})
        (folder / "model.json").write_text(json.dumps(description, indent=1))
        print(f"{name}: {len(content):,} bytes")


if __name__ == "__main__":
    make(sys.argv[1])
