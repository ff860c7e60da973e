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

# Operators newer than set 17, and the set that their cases are written in.
NEWER = {"BitwiseAnd": 18, "BitwiseNot": 18, "BitwiseOr": 18, "BitwiseXor": 18, "Mish": 18, "Gelu": 20, "Attention": 23,
         "RMSNormalization": 23, "Swish": 24}
SIGNED, BITS = np.array([[1.5, -2.5, 0, -0.5, 2.5]], np.float32), np.array([5, 12, 255], np.uint8)
TRUTH, OTHER = np.array([[True], [False]]), np.array([True, False, True])
LESSER, WHOLES = np.array([[3, 1, 2], [0, 5, 2]], np.int64), np.array([2, 1, 2], np.int64)
UNARY = [
    "Abs", "Asinh", "Atan", "Ceil", "Celu", "Cos", "Cosh", "Elu", "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish",
    "Hardmax", "IsNaN", "LeakyRelu", "LogSoftmax", "Mish", "Neg", "Round", "Selu", "Shrink", "Sign", "Sin", "Sinh",
    "Softplus", "Softsign", "Swish", "Tan", "ThresholdedRelu",
]
REDUCTIONS = ["L1", "L2", "LogSumExp", "Max", "Mean", "Min", "Prod", "SumSquare"]
CASES |= {name.lower(): (name, {}, [SIGNED]) for name in UNARY}
CASES |= {name.lower(): (name, {}, [np.array([0.3, 0.9], np.float32)]) for name in ("Acos", "Asin", "Atanh")}
CASES |= {name.lower(): (name, {}, [np.array([1.3, 4], np.float32)]) for name in ("Acosh", "Log", "Reciprocal", "Sqrt")}
CASES |= {name.lower(): (name, {}, [TRUTH, OTHER]) for name in ("And", "Or", "Xor")}
CASES |= {name.lower(): (name, {}, [LESSER, WHOLES]) for name in ("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")}
CASES |= {name.lower(): (name, {}, [BITS, BITS[::-1].copy()]) for name in ("BitwiseAnd", "BitwiseOr", "BitwiseXor")}
CASES |= {name.lower(): (name, {}, [real(2, 3), real(3), real(2, 1)]) for name in ("Max", "Mean", "Min", "Sum")}
CASES |= {f"reduce_{name.lower()}": (f"Reduce{name}", dict(axes=[0, 2]), [real(2, 3, 4)]) for name in REDUCTIONS}
CASES |= {
    "reduce_log_sum": ("ReduceLogSum", dict(axes=[1], keepdims=0), [np.abs(real(2, 3))]),
    "reduce_sum": ("ReduceSum", {}, [real(2, 3, 4), ("constant", whole(-1))]),
    "arg_max": ("ArgMax", dict(axis=1, keepdims=0), [real(2, 4)]),
    "arg_min": ("ArgMin", dict(axis=0), [real(2, 4)]),
    "cum_sum": ("CumSum", dict(exclusive=1, reverse=1), [real(2, 4), ("constant", np.int64(1))]),
    "bit_shift": ("BitShift", dict(direction="LEFT"), [BITS, np.array([1, 2, 3], np.uint8)]),
    "bitwise_not": ("BitwiseNot", {}, [BITS]),
    "cast_like": ("CastLike", {}, [SIGNED, WHOLES]),
    "is_inf": ("IsInf", dict(detect_negative=0), [np.array([np.inf, -np.inf, 1], np.float32)]),
    "not": ("Not", {}, [TRUTH]),
    "where": ("Where", {}, [TRUTH, real(2, 3), real(3)]),
    "pow": ("Pow", {}, [np.abs(real(2, 3)), real(3)]),
    "mod": ("Mod", {}, [np.array([7, -7, 5], np.int64), np.array([3, 3, -4], np.int64)]),
    "prelu": ("PRelu", {}, [SIGNED, np.float32(0.2)]),
    "compress": ("Compress", dict(axis=1), [real(2, 3), np.array([False, True, True])]),
    "constant_of_shape": ("ConstantOfShape", dict(value=numpy_helper.from_array(np.array([3], np.int32))), [whole(2, 3)]),
    "depth_to_space": ("DepthToSpace", dict(blocksize=2, mode="CRD"), [real(1, 8, 2, 3)]),
    "space_to_depth": ("SpaceToDepth", dict(blocksize=2), [real(1, 2, 4, 6)]),
    "expand": ("Expand", {}, [real(3, 1), ("constant", whole(2, 1, 4))]),
    "eye_like": ("EyeLike", dict(k=1), [real(3, 4)]),
    "gather_elements": ("GatherElements", dict(axis=1), [real(2, 3), np.array([[0, -1], [2, 1]], np.int64)]),
    "gather_nd": ("GatherND", {}, [real(2, 3, 2), np.array([[1, 2], [0, 0]], np.int64)]),
    "non_zero": ("NonZero", {}, [SIGNED]),
    "one_hot": ("OneHot", {}, [whole(1, 0, 3), ("constant", np.int64(4)), ("constant", np.array([0, 2], np.float32))]),
    "range": ("Range", {}, [np.int64(10), np.int64(1), np.int64(-3)]),
    "reverse_sequence": ("ReverseSequence", dict(time_axis=1, batch_axis=0), [real(2, 4), whole(3, 2)]),
    "scatter_elements": ("ScatterElements", dict(axis=1), [real(2, 3), np.array([[2], [0]], np.int64), real(2, 1)]),
    "scatter_nd": ("ScatterND", {}, [real(4, 2), np.array([[3], [1]], np.int64), real(2, 2)]),
    "size": ("Size", {}, [real(2, 3)]),
    "slice": ("Slice", {}, [real(4, 5), ("constant", whole(3, 1)), ("constant", whole(-9, 5)), ("constant", whole(0, 1)), ("constant", whole(-2, 2))]),
    "split": ("Split", dict(axis=1), [real(2, 5), ("constant", whole(5))]),
    "tile": ("Tile", {}, [real(2, 3), ("constant", whole(2, 1))]),
    "top_k": ("TopK", dict(axis=0, largest=0), [real(4, 2), ("constant", whole(3))]),
    "trilu": ("Trilu", dict(upper=0), [real(3, 4)]),
    "unique": ("Unique", {}, [np.array([3, 1, 3, 2], np.float32)]),
    "layer_normalization": ("LayerNormalization", dict(axis=1), [real(2, 3, 4), ("constant", real(3, 4)), ("constant", real(3, 4))]),
    "rms_normalization": ("RMSNormalization", {}, [real(2, 3, 4), ("constant", real(4))]),
    "negative_log_likelihood_loss": ("NegativeLogLikelihoodLoss", {}, [real(3, 4), whole(0, 3, 2), real(4)]),
    "softmax_cross_entropy_loss": ("SoftmaxCrossEntropyLoss", dict(ignore_index=1, reduction="sum"), [real(3, 4), whole(0, 1, 2)]),
    "attention": ("Attention", dict(is_causal=1), [real(1, 4, 3, 2), real(1, 2, 3, 2), real(1, 2, 3, 5)]),
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
        results = ["result", "places"] if operator == "TopK" else ["result"]
        node = helper.make_node(operator, names, results, name=name, **attributes)
        graph = helper.make_graph(
            [node], name,
            [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape) for n, v in inputs],
            [helper.make_empty_tensor_value_info("result")], constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", NEWER.get(operator, 17))],
                                  ir_version=10 if operator in NEWER else 8)
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
