"""ONNX Runtime on a stored model: `load`, `start`, `infer TIMES` and `peak`, as ONNXContender answers them."""
import json
import pathlib
import resource
import sys
import time

import numpy
import onnxruntime

TYPES = {"FP32": "float32", "INT64": "int64", "INT32": "int32", "UINT8": "uint8", "INT8": "int8"}
folder = pathlib.Path(sys.argv[2])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(sys.argv[1])
options.log_severity_level = 3
inputs = {
    tensor["name"]: numpy.fromfile(folder / tensor["file"], dtype=TYPES[tensor["type"]]).reshape(tensor["shape"])
    for tensor in json.loads((folder / "model.json").read_text())["inputs"]}
session = None


def opened():
    return onnxruntime.InferenceSession(
        str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])


for line in sys.stdin:
    name, *numbers = line.split()
    if name == "peak":
        # Bytes on macOS, KiB elsewhere.
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024), flush=True)
        continue
    if name in ("load", "start"):
        session = None
    elif session is None:
        session = opened()
    start = time.perf_counter()
    if name == "load":
        session = opened()
    elif name == "start":
        session = opened()
        session.run(None, inputs)
    else:
        for _ in range(int(numbers[0])):
            session.run(None, inputs)
    print(time.perf_counter() - start, flush=True)
