#!/usr/bin/env python3
"""Writes a model and an input for the onnx command, and compares what it saved with ONNX Runtime.

    python3 Tests/Oracles/onnx_tool.py write FOLDER      model.onnx, x.npy, and a folder `wrong` with a wrong output; the
                                                         same for whole numbers and for texts, whose results are the inputs
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
    # Off by one in the last digit of 64 bits; and another word.
    numbers = numpy.array([1, 2**62 + 1], "i8")
    texts = numpy.array([["Lleida", "Girona"]])
    for name, array, other in [("numbers", numbers, numbers - [0, 1]), ("texts", texts, texts[:, ::-1])]:
        kind = helper.np_dtype_to_tensor_dtype(array.dtype) if name == "numbers" else onnx.TensorProto.STRING
        values = [helper.make_tensor_value_info(value, kind, array.shape) for value in "xy"]
        graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], name, values[:1], values[1:])
        onnx.save(
            helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / f"{name}.onnx")
        numpy.save(folder / f"{name}.npy", array)
        wrong = folder / f"wrong-{name}"
        wrong.mkdir()
        (wrong / "input_0.pb").write_bytes(numpy_helper.from_array(array.astype(object) if name == "texts" else array).SerializeToString())
        (wrong / "output_0.pb").write_bytes(numpy_helper.from_array(other.astype(object) if name == "texts" else other).SerializeToString())


def compare(folder: pathlib.Path) -> None:
    ours = numpy_helper.to_array(onnx.load_tensor(folder / "ours" / "output_0.pb"))
    session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    theirs = session.run(None, {"x": numpy.load(folder / "x.npy")})[0]
    numpy.testing.assert_allclose(ours, theirs, atol=1e-6)
    print(f"ok    the onnx command: largest difference {numpy.abs(ours - theirs).max():.1e}")


{"write": write, "compare": compare}[sys.argv[1]](pathlib.Path(sys.argv[2]))
