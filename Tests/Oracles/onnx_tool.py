#!/usr/bin/env python3
"""Writes a model and an input for the onnx command, and compares what it saved with ONNX Runtime.

    python3 Tests/Oracles/onnx_tool.py write FOLDER      model.onnx, x.npy, and a folder `wrong` with a wrong output
    python3 Tests/Oracles/onnx_tool.py compare FOLDER    the outputs in FOLDER/ours with ONNX Runtime's
"""
import pathlib
import sys

import numpy
import onnx
import onnxruntime
from onnx import helper, numpy_helper


def write(folder: pathlib.Path) -> None:
    random = numpy.random.default_rng(1)
    weights = random.standard_normal((8, 5)).astype("f4")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["h"]), helper.make_node("Softmax", ["h"], ["y"], axis=-1)], "tool",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", 8])],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["n", 5])],
        [numpy_helper.from_array(weights, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, folder / "model.onnx")
    x = random.standard_normal((2, 8)).astype("f4")
    numpy.save(folder / "x.npy", x)
    wrong = folder / "wrong"
    wrong.mkdir()
    (wrong / "input_0.pb").write_bytes(numpy_helper.from_array(x).SerializeToString())
    (wrong / "output_0.pb").write_bytes(numpy_helper.from_array(numpy.zeros((2, 5), "f4")).SerializeToString())


def compare(folder: pathlib.Path) -> None:
    ours = numpy_helper.to_array(onnx.load_tensor(folder / "ours" / "output_0.pb"))
    session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    theirs = session.run(None, {"x": numpy.load(folder / "x.npy")})[0]
    numpy.testing.assert_allclose(ours, theirs, atol=1e-6)
    print(f"ok    the onnx command: largest difference {numpy.abs(ours - theirs).max():.1e}")


{"write": write, "compare": compare}[sys.argv[1]](pathlib.Path(sys.argv[2]))
