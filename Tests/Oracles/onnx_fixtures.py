#!/usr/bin/env python3
"""Makes the small operator cases in Tests/MLOpsONNXTests/Fixtures/Operators, with outputs of ONNX Runtime.

    pip install onnx onnxruntime numpy
    python3 Tests/Oracles/onnx_fixtures.py Tests/MLOpsONNXTests/Fixtures/Operators
"""
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(20)


def real(*shape):
    return random.standard_normal(shape).astype(np.float32)


def whole(*values):
    return np.array(values, dtype=np.int64)


X = real(2, 3, 7, 6)
# name: (operator, attributes, inputs); an input given as ("constant", array) is an initializer, None is left out.
CASES = {
    "conv_pads_strides": ("Conv", dict(kernel_shape=[3, 3], pads=[1, 0, 2, 1], strides=[2, 1]), [X, ("constant", real(5, 3, 3, 3)), ("constant", real(5))]),
    "conv_groups_dilation": ("Conv", dict(group=3, dilations=[2, 1]), [X, ("constant", real(6, 1, 3, 2))]),
    "conv_same_lower": ("Conv", dict(auto_pad="SAME_LOWER", strides=[2, 2]), [X, real(4, 3, 2, 4)]),
    "conv_same_upper": ("Conv", dict(auto_pad="SAME_UPPER", strides=[3, 2]), [X, ("constant", real(4, 3, 4, 3))]),
    "conv_line": ("Conv", dict(pads=[2, 0]), [real(2, 4, 9), ("constant", real(3, 4, 3)), ("constant", real(3))]),
    "batch_normalization": ("BatchNormalization", dict(epsilon=1e-2), [X, *(("constant", v) for v in (real(3), real(3), real(3), np.abs(real(3)) + 0.5))]),
    "batch_normalization_matrix": ("BatchNormalization", {}, [real(4, 3), real(3), real(3), real(3), np.abs(real(3)) + 0.5]),
    "max_pool_pads": ("MaxPool", dict(kernel_shape=[3, 2], pads=[1, 1, 1, 0], strides=[2, 2]), [X]),
    "max_pool_ceil": ("MaxPool", dict(kernel_shape=[2, 4], strides=[2, 3], ceil_mode=1), [X]),
    "max_pool_dilation": ("MaxPool", dict(kernel_shape=[2, 3], dilations=[3, 2]), [X]),
    "max_pool_line": ("MaxPool", dict(kernel_shape=[3], auto_pad="SAME_UPPER", strides=[2]), [real(2, 2, 10)]),
    "average_pool_pads": ("AveragePool", dict(kernel_shape=[3, 3], pads=[1, 1, 1, 1]), [X]),
    "average_pool_counting": ("AveragePool", dict(kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1, strides=[2, 2]), [X]),
    "average_pool_volume": ("AveragePool", dict(kernel_shape=[2, 2, 2]), [real(1, 2, 4, 3, 5)]),
    "global_average_pool": ("GlobalAveragePool", {}, [X]),
    "gemm": ("Gemm", dict(alpha=0.5, beta=2.0, transA=1), [real(4, 3), ("constant", real(4, 5)), ("constant", real(1, 5))]),
    "gemm_transposed": ("Gemm", dict(transB=1), [real(2, 4), ("constant", real(3, 4)), real(3)]),
    "matmul_batched": ("MatMul", {}, [real(2, 1, 3, 4), real(5, 4, 2)]),
    "matmul_vector": ("MatMul", {}, [real(4), real(3, 4, 2)]),
    "add_broadcast": ("Add", {}, [real(3, 1, 4), real(2, 1)]),
    "sub_scalar": ("Sub", {}, [real(2, 3), np.float32(0.25)]),
    "mul_whole": ("Mul", {}, [np.array([[1, -2], [3, 4]], np.int32), np.array([5, -6], np.int32)]),
    "div_whole": ("Div", {}, [np.array([7, -7, 9], np.int64), np.array([2, 2, -4], np.int64)]),
    "relu": ("Relu", {}, [X]),
    "sigmoid": ("Sigmoid", {}, [4 * real(3, 5)]),
    "tanh": ("Tanh", {}, [2 * real(3, 5)]),
    "clip": ("Clip", {}, [real(4, 4), ("constant", np.float32(-0.5)), ("constant", np.float32(0.7))]),
    "clip_upper": ("Clip", {}, [real(4, 4), None, ("constant", np.float32(0.1))]),
    "softmax_axis": ("Softmax", dict(axis=1), [5 * real(2, 4, 3)]),
    "softmax_last": ("Softmax", {}, [5 * real(3, 4)]),
    "dropout": ("Dropout", {}, [real(3, 4)]),
    "identity": ("Identity", {}, [real(2, 2)]),
    "flatten": ("Flatten", dict(axis=2), [X]),
    "flatten_negative": ("Flatten", dict(axis=-1), [X]),
    "reshape_copy": ("Reshape", {}, [X, ("constant", whole(0, -1, 2))]),
    "reshape_run_time": ("Reshape", {}, [X, whole(3, -1)]),
    "transpose": ("Transpose", dict(perm=[2, 0, 3, 1]), [X]),
    "transpose_to_last": ("Transpose", dict(perm=[0, 2, 3, 1]), [X]),
    "transpose_reverse": ("Transpose", {}, [real(2, 3, 4)]),
    "concat": ("Concat", dict(axis=-2), [real(2, 3, 2), real(2, 1, 2), real(2, 2, 2)]),
    "shape_range": ("Shape", dict(start=1, end=-1), [X]),
    "gather": ("Gather", dict(axis=1), [real(2, 5, 3), np.array([[0, -1], [3, 3]], np.int64)]),
    "unsqueeze": ("Unsqueeze", {}, [real(2, 3), ("constant", whole(0, -1))]),
    "squeeze": ("Squeeze", {}, [real(1, 2, 1, 3), ("constant", whole(0, 2))]),
    "squeeze_all": ("Squeeze", {}, [real(1, 2, 1, 3)]),
    "pad_constant": ("Pad", {}, [real(2, 3), ("constant", whole(1, 0, 2, 1)), ("constant", np.float32(1.5))]),
    "pad_reflect": ("Pad", dict(mode="reflect"), [real(3, 4), ("constant", whole(0, 2, 1, 3))]),
    "pad_edge": ("Pad", dict(mode="edge"), [real(2, 3), ("constant", whole(1, 0, 0, 2))]),
    "cast_real_to_whole": ("Cast", dict(to=TensorProto.INT32), [np.array([1.9, -1.9, 0.5, 1e6], np.float32)]),
    "cast_bytes_to_real": ("Cast", dict(to=TensorProto.FLOAT), [np.arange(250, 256, dtype=np.uint8)]),
    "cast_real_to_half": ("Cast", dict(to=TensorProto.FLOAT16), [np.array([0.1, 65504, 1e-7, -3.14159, 2048.5, 1e6], np.float32)]),
    "cast_whole_to_truth": ("Cast", dict(to=TensorProto.BOOL), [np.array([0, 3, -1], np.int64)]),
    "erf": ("Erf", {}, [2 * real(3, 5)]),
    "instance_normalization": ("InstanceNormalization", dict(epsilon=1e-3), [X, *(("constant", v) for v in (real(3), real(3)))]),
    "instance_normalization_signal": ("InstanceNormalization", {}, [real(2, 3, 7), real(3), real(3)]),
}


def main() -> None:
    target = pathlib.Path(sys.argv[1])
    for name, (operator, attributes, values) in CASES.items():
        names, inputs, constants = [], [], []
        for index, value in enumerate(values):
            if value is None:
                names.append("")
                continue
            names.append(f"input_{index}")
            if isinstance(value, tuple):
                constants.append(numpy_helper.from_array(value[1], names[-1]))
            else:
                inputs.append((names[-1], np.asarray(value)))
        node = helper.make_node(operator, names, ["result"], name=name, **attributes)
        graph = helper.make_graph(
            [node], name,
            [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape) for n, v in inputs],
            [helper.make_empty_tensor_value_info("result")], constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        model = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        result = session.run(None, dict(inputs))[0]
        output = helper.make_tensor_value_info("result", helper.np_dtype_to_tensor_dtype(result.dtype), result.shape)
        del model.graph.output[:]
        model.graph.output.append(output)
        onnx.checker.check_model(model, full_check=True)
        folder = target / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
        for index, (_, value) in enumerate(inputs):
            (folder / f"input_{index}.pb").write_bytes(numpy_helper.from_array(value).SerializeToString())
        (folder / "output_0.pb").write_bytes(numpy_helper.from_array(np.asarray(result)).SerializeToString())
    print(f"{len(CASES)} cases written (onnxruntime {onnxruntime.__version__})")


if __name__ == "__main__":
    main()
