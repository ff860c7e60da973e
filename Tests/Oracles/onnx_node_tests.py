#!/usr/bin/env python3
"""Writes the operator tests of the ONNX standard to a folder, in a layout that a Swift test can read.

    pip install onnx
    python3 Tests/Oracles/onnx_node_tests.py /tmp/node-tests
    MLOPS_ONNX_NODE_TESTS=/tmp/node-tests swift test -c release --disable-testable-imports --filter NodeConformance

One folder a case: model.onnx, input_0.pb …, output_0.pb … (serialized TensorProto), and tolerance.txt with the relative
and the absolute tolerance. Cases whose values are no tensors (sequences, optional values) or are drawn at random are left out, and counted. The
standard's other suites, whole models among them, go to sub-folders of their names.
"""
import pathlib
import sys

import numpy
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases
from onnx.backend.test.runner import Runner

SUITES = ["simple", "pytorch-operator", "pytorch-converted", "light"]
DATA = pathlib.Path(onnx.__file__).parent / "backend" / "test" / "data"


def tensor(value: object) -> bytes:
    if isinstance(value, onnx.TensorProto):
        return value.SerializeToString()
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return numpy_helper.from_array(numpy.asarray(value)).SerializeToString()
    raise TypeError(type(value).__name__)


def is_tensors(model: onnx.ModelProto) -> bool:
    return all(info.type.HasField("tensor_type") for info in [*model.graph.input, *model.graph.output])


def write_suite(kind: str, target: pathlib.Path) -> None:
    """Writes the cases of a suite that the wheel has files of."""
    written = skipped = 0
    for source in sorted((DATA / kind).iterdir()):
        if kind == "light":
            if source.suffix != ".onnx":
                continue
            model = onnx.load(source)
            constants = {tensor.name for tensor in model.graph.initializer}
            inputs = [tensor(Runner.generate_dummy_data(info)) for info in model.graph.input if info.name not in constants]
            outputs = [path.read_bytes() for path in sorted(source.parent.glob(f"{source.stem}_output_*.pb"))]
        elif (source / "model.onnx").exists():
            model = onnx.load(source / "model.onnx")
            data = source / "test_data_set_0"
            inputs = [(data / f"input_{i}.pb").read_bytes() for i in range(len(list(data.glob("input_*.pb"))))]
            outputs = [(data / f"output_{i}.pb").read_bytes() for i in range(len(list(data.glob("output_*.pb"))))]
        else:
            continue
        if not is_tensors(model):
            skipped += 1
            continue
        folder = target / kind / source.stem
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model.onnx").write_bytes(model.SerializeToString())
        (folder / "tolerance.txt").write_text("1e-3 1e-6\n")
        for name, files in (("input", inputs), ("output", outputs)):
            for index, content in enumerate(files):
                (folder / f"{name}_{index}.pb").write_bytes(content)
        written += 1
    print(f"{kind}: {written} cases written, {skipped} without tensors left out")


def main() -> int:
    target = pathlib.Path(sys.argv[1])
    for kind in SUITES:
        write_suite(kind, target)
    written = skipped = 0
    for case in collect_testcases(None):
        if "bernoulli" in case.name:
            skipped += 1
            continue
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
    print(f"{written} cases written, {skipped} left out (onnx {onnx.__version__})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
