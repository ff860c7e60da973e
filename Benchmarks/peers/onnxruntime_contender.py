"""ONNX Runtime, on the network as PyTorch exports it."""
import io
import sys

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


serve({"infer": infer})
