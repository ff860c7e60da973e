#!/usr/bin/env python3
"""Writes the operator tests of the ONNX standard to a folder, in a layout that a Swift test can read.

    pip install onnx
    python3 Tests/Oracles/onnx_node_tests.py /tmp/node-tests
    MLOPS_ONNX_NODE_TESTS=/tmp/node-tests swift test -c release --disable-testable-imports --filter NodeConformance

One folder a case: model.onnx, input_0.pb …, output_0.pb … (serialized TensorProto), and tolerance.txt with the relative
and the absolute tolerance. Cases whose values are no tensors (sequences, optional values) are left out, and counted.
"""
import pathlib
import sys

import numpy
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases


def tensor(value: object) -> bytes:
    if isinstance(value, onnx.TensorProto):
        return value.SerializeToString()
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return numpy_helper.from_array(numpy.asarray(value)).SerializeToString()
    raise TypeError(type(value).__name__)


def main() -> int:
    target = pathlib.Path(sys.argv[1])
    written = skipped = 0
    for case in collect_testcases(None):
        try:
            inputs, outputs = case.data_sets[0]
            files = {f"input_{i}.pb": tensor(value) for i, value in enumerate(inputs)}
            files |= {f"output_{i}.pb": tensor(value) for i, value in enumerate(outputs)}
        except Exception:
            skipped += 1
            continue
        folder = target / case.name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model.onnx").write_bytes(case.model.SerializeToString())
        (folder / "tolerance.txt").write_text(f"{case.rtol} {case.atol}\n")
        for name, content in files.items():
            (folder / name).write_bytes(content)
        written += 1
    print(f"{written} cases written, {skipped} without tensors left out (onnx {onnx.__version__})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
