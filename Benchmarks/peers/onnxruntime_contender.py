"""ONNX Runtime, on the network as PyTorch exports it, and on a product of 8-bit integers."""
import io
import sys

import numpy as np
import onnx
import onnxruntime
import torch
from contender import serve
from network import network, pictures

torch.set_num_threads(1)
name = sys.argv[2]
file = io.BytesIO()
torch.onnx.export(
    network(name).eval(), pictures(name, 1), file, input_names=["x"], dynamic_axes={"x": {0: "n"}}, opset_version=17, dynamo=False)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(sys.argv[1])
session = onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])


def infer(batch):
    inputs = {"x": pictures(name, batch).contiguous().numpy()}
    return lambda: len(session.run(None, inputs))


def product8(size):
    """MatMulInteger of bytes without sign and constant ones with."""
    generator = np.random.default_rng(0)
    weights = generator.integers(-128, 128, (size, size), dtype=np.int8)
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("MatMulInteger", ["a", "b", "zero"], ["c"])], "product",
        [onnx.helper.make_tensor_value_info("a", onnx.TensorProto.UINT8, [size, size])],
        [onnx.helper.make_tensor_value_info("c", onnx.TensorProto.INT32, [size, size])],
        [onnx.numpy_helper.from_array(weights, "b"), onnx.numpy_helper.from_array(np.uint8(128), "zero")])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)
    product = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    a = generator.integers(0, 256, (size, size), dtype=np.uint8)
    return lambda: len(product.run(None, {"a": a}))


serve({"infer": infer, "product8": product8})
