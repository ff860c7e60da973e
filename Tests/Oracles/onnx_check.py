#!/usr/bin/env python3
"""Checks ONNX files, and what they compute, with the reference checker and ONNX Runtime.

    pip install onnx onnxruntime numpy
    MLOPS_ONNX_EXPORT=/tmp/export swift test -c release --disable-testable-imports --filter MLOpsONNXTests
    python3 Tests/Oracles/onnx_check.py /tmp/export

Each folder below the given one that holds a model.onnx is a case: input_0.pb, input_1.pb … are its inputs and
output_0.pb … the outputs that we computed, each a serialized TensorProto, in the order of the graph. Exits with 1 when
a file is not valid or an output differs by more than the tolerance, as a share of it where it is above 1.
"""
import argparse
import pathlib
import sys

import numpy
import onnx
import onnxruntime
from onnx import numpy_helper


def tensors(folder: pathlib.Path, kind: str) -> list[numpy.ndarray]:
    found = []
    while (path := folder / f"{kind}_{len(found)}.pb").exists():
        found.append(numpy_helper.to_array(onnx.load_tensor(path)))
    return found


def check(folder: pathlib.Path, tolerance: float) -> float:
    path = folder / "model.onnx"
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    inputs = {spec.name: value for spec, value in zip(session.get_inputs(), tensors(folder, "input"), strict=True)}
    ours = tensors(folder, "output")
    if not ours:
        raise ValueError("there is no output_0.pb")
    worst = 0.0
    # Outputs that we did not write are not compared.
    names = [spec.name for spec in session.get_outputs()][:len(ours)]
    for mine, theirs in zip(ours, session.run(names, inputs), strict=True):
        if mine.shape != theirs.shape or mine.dtype != theirs.dtype:
            raise ValueError(f"{mine.dtype}{mine.shape} is not {theirs.dtype}{theirs.shape}")
        scale = numpy.maximum(1, numpy.abs(theirs.astype("f8")))
        worst = max(worst, float(numpy.max(numpy.abs(mine.astype("f8") - theirs.astype("f8")) / scale, initial=0)))
    if worst > tolerance:
        raise ValueError(f"an output differs by {worst}")
    return worst


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--tolerance", type=float, default=1e-5)
    arguments = parser.parse_args()
    cases = sorted(path.parent for path in arguments.folder.rglob("model.onnx"))
    failures = 0 if cases else 1
    for case in cases:
        try:
            print(f"ok    {case.name}: largest difference {check(case, arguments.tolerance):.2e}")
        except Exception as error:
            failures += 1
            print(f"FAIL  {case.name}: {error}")
    print(f"{len(cases) - failures} of {len(cases)} cases agree (onnx {onnx.__version__}, "
          f"onnxruntime {onnxruntime.__version__})")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
