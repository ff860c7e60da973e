#!/usr/bin/env python3
"""Makes the small operator cases in Tests/MLOpsONNXTests/Fixtures/Operators, with outputs of ONNX Runtime.

    pip install onnx onnxruntime numpy
    python3 Tests/Oracles/onnx_fixtures.py Tests/MLOpsONNXTests/Fixtures/Operators
"""
import pathlib
import sys

import numpy as np
import onnx
import onnx.reference
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(20)


def real(*shape):
    return random.standard_normal(shape).astype(np.float32)


def wave(*shape):
    """Numbers that are not drawn, so that a case can be added without changing those after it."""
    return np.sin(np.arange(1, 1 + np.prod(shape)) ** 1.3).reshape(shape).astype(np.float32)


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
         "RMSNormalization": 23, "Swish": 24, "GroupNormalization": 21, "StringConcat": 20, "StringSplit": 20,
         "BitCast": 26, "CumProd": 26, "Upsample": 9, "Scatter": 10}
# Operators that ONNX Runtime does not have yet: their outputs are those of the standard's own evaluator.
REFERENCE = {"BitCast", "CumProd"}
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


# Operators for classical models; the outputs of more than one are all compared.
ML = "ai.onnx.ml."
WORDS = np.array([["cat", "dog"], ["über", "cat"]], dtype=object)
TREES = dict(
    nodes_treeids=[0, 0, 0, 0, 0, 1, 1, 1], nodes_nodeids=[0, 1, 2, 3, 4, 0, 1, 2],
    nodes_featureids=[0, 1, 0, 0, 0, 2, 0, 0], nodes_values=[0.1, -0.2, 0, 0, 0, 0.3, 0, 0],
    nodes_modes=["BRANCH_LEQ", "BRANCH_LT", "LEAF", "LEAF", "LEAF", "BRANCH_GT", "LEAF", "LEAF"],
    nodes_truenodeids=[1, 3, 0, 0, 0, 1, 0, 0], nodes_falsenodeids=[2, 4, 0, 0, 0, 2, 0, 0],
    nodes_missing_value_tracks_true=[1, 0, 0, 0, 0, 0, 0, 0])
LEAVES = dict(treeids=[0, 0, 0, 1, 1], nodeids=[2, 3, 4, 1, 2], ids=[0, 1, 2, 1, 0], weights=[0.5, 0.25, 1.0, 0.125, -0.5])
HOLES = np.array([[np.nan, 0.5, 1], [0, -1, np.nan], [0.1, -0.2, 0.3], [2, 2, -2]], np.float32)


REALS = {"coefficients", "intercepts", "imputed_value_floats", "offset", "scale", "kernel_params", "rho", "prob_a", "prob_b",
         "support_vectors", "nodes_values", "class_weights", "target_weights", "base_values", "values_floats"}


def leaves(what: str, **changes: list) -> dict:
    return {f"{what}_{name}": value for name, value in (LEAVES | changes).items()}


CASES |= {
    "array_feature_extractor": (ML + "ArrayFeatureExtractor", {}, [real(3, 5), ("constant", whole(4, 0))]),
    "array_feature_extractor_strings": (ML + "ArrayFeatureExtractor", {}, [WORDS, ("constant", whole(1))]),
    "binarizer": (ML + "Binarizer", dict(threshold=0.2), [real(3, 4)]),
    "category_mapper": (ML + "CategoryMapper", dict(cats_strings=["cat", "dog"], cats_int64s=[4, 7], default_int64=-3), [WORDS]),
    "feature_vectorizer": (ML + "FeatureVectorizer", dict(inputdimensions=[2, 3]), [real(2, 2), real(2, 3)]),
    "imputer": (ML + "Imputer", dict(imputed_value_floats=[1, 2, 3], replaced_value_float=np.nan), [HOLES]),
    "label_encoder": (ML + "LabelEncoder", dict(keys_strings=["dog", "über"], values_floats=[1.5, 2.5], default_float=-1.0), [WORDS]),
    "label_encoder_numbers": (ML + "LabelEncoder", dict(keys_int64s=[3, 0], values_strings=["x", "ÿ"]), [LESSER]),
    "linear_classifier": (ML + "LinearClassifier", dict(coefficients=[1, 2, -1, 0.5, -2, 1], intercepts=[0.1, 0, -0.2], classlabels_strings=["a", "b", "c"], post_transform="SOFTMAX"), [real(5, 2)], 2),
    "linear_regressor": (ML + "LinearRegressor", dict(coefficients=[1, 2, -1, 0.5], intercepts=[0.5, 1], targets=2), [real(3, 2)]),
    "normalizer": (ML + "Normalizer", dict(norm="L2"), [real(3, 4)]),
    "one_hot_encoder": (ML + "OneHotEncoder", dict(cats_strings=["über", "dog"]), [WORDS]),
    "scaler": (ML + "Scaler", dict(offset=[1, 0, -1], scale=[2, 3, 0.5]), [real(2, 3)]),
    "svm_classifier": (ML + "SVMClassifier", dict(
        classlabels_ints=[2, 5, 9], coefficients=[0.5, -0.5, 1, -1, 0.3, -0.2, 0.4, -0.9], kernel_type="RBF",
        kernel_params=[0.4, 0, 3], rho=[0.1, -0.2, 0.3], prob_a=[-1, -2, -1.5], prob_b=[0, 0.1, -0.1],
        support_vectors=[0, 1, 1, 0, -1, 0.5, 0.2, -1], vectors_per_class=[1, 2, 1]), [real(4, 2)], 2),
    "svm_regressor": (ML + "SVMRegressor", dict(coefficients=[0.5, -1], kernel_type="POLY", kernel_params=[0.5, 1, 2], rho=[0.25], n_supports=2, support_vectors=[0, 1, 1, -1]), [real(4, 2)]),
    "tree_ensemble_classifier": (ML + "TreeEnsembleClassifier", TREES | leaves("class") | dict(classlabels_int64s=[3, 4, 8], post_transform="SOFTMAX"), [HOLES], 2),
    "tree_ensemble_classifier_binary": (ML + "TreeEnsembleClassifier", TREES | leaves("class", ids=[0] * 5) | dict(classlabels_strings=["no", "yes"], post_transform="LOGISTIC"), [HOLES], 2),
    "tree_ensemble_regressor": (ML + "TreeEnsembleRegressor", TREES | leaves("target") | dict(n_targets=3, aggregate_function="MAX"), [HOLES]),
    "tree_ensemble_regressor_sum": (ML + "TreeEnsembleRegressor", TREES | leaves("target", ids=[0] * 5) | dict(n_targets=1, base_values=[0.5]), [HOLES]),
    "tree_ensemble": (ML + "TreeEnsemble", dict(
        aggregate_function=1, leaf_targetids=[0, 1, 0], leaf_weights=numpy_helper.from_array(np.array([5.5, 12, -12], np.float32)),
        n_targets=2, nodes_falseleafs=[0, 1], nodes_falsenodeids=[1, 2], nodes_featureids=[0, 1],
        nodes_modes=numpy_helper.from_array(np.array([0, 3], np.uint8)), nodes_splits=numpy_helper.from_array(np.array([0.1, -0.2], np.float32)),
        nodes_trueleafs=[1, 1], nodes_truenodeids=[0, 1], post_transform=0, tree_roots=[0]), [HOLES[2:]]),
    "gather_strings": ("Gather", dict(axis=1), [WORDS, whole(1, 0, 1)]),
    "concat_strings": ("Concat", dict(axis=0), [WORDS, ("constant", WORDS[:1])]),
    # Quantization.
    "conv_integer": ("ConvInteger", dict(pads=[1, 1, 0, 0]), [random.integers(0, 255, (1, 2, 4, 3), dtype=np.uint8), ("constant", random.integers(0, 255, (3, 2, 2, 2), dtype=np.uint8)), np.uint8(7)]),
    "dequantize_linear": ("DequantizeLinear", dict(axis=0), [random.integers(-128, 127, (2, 3), dtype=np.int8), ("constant", np.array([0.5, 0.1], np.float32)), ("constant", np.array([3, -4], np.int8))]),
    "dynamic_quantize_linear": ("DynamicQuantizeLinear", {}, [real(3, 4)], 3),
    "mat_mul_integer": ("MatMulInteger", {}, [random.integers(0, 255, (3, 4), dtype=np.uint8), random.integers(-128, 127, (4, 2), dtype=np.int8), np.uint8(12), np.int8(-3)]),
    "q_linear_conv": ("QLinearConv", dict(group=2, strides=[2, 1]), [random.integers(0, 255, (1, 4, 5, 4), dtype=np.uint8), np.float32(0.05), np.uint8(120), random.integers(-128, 127, (4, 2, 3, 3), dtype=np.int8), np.array([0.01, 0.02, 0.03, 0.04], np.float32), np.zeros(4, np.int8), np.float32(0.2), np.uint8(110), np.array([100, -50, 0, 7], np.int32)]),
    "q_linear_mat_mul": ("QLinearMatMul", {}, [random.integers(0, 255, (3, 4), dtype=np.uint8), np.float32(0.05), np.uint8(120), random.integers(0, 255, (4, 2), dtype=np.uint8), np.float32(0.01), np.uint8(128), np.float32(0.2), np.uint8(110)]),
    "quantize_linear": ("QuantizeLinear", dict(axis=1), [50 * real(2, 3), ("constant", np.array([0.5, 0.1, 2], np.float32)), ("constant", np.array([3, -4, 0], np.int8))]),
}


LINE = real(3, 2, 4)
CASES |= {
    "bit_cast": ("BitCast", dict(to=TensorProto.INT32), [SIGNED]),
    "cum_prod": ("CumProd", {}, [real(2, 4), np.int64(1)]),
    "conv_transpose": ("ConvTranspose", dict(strides=[2, 1], pads=[1, 0, 0, 1], output_padding=[1, 0], group=2), [real(1, 4, 3, 3), ("constant", real(4, 3, 3, 2)), ("constant", real(6))]),
    "conv_transpose_volume": ("ConvTranspose", dict(auto_pad="SAME_UPPER", strides=[2, 2, 1]), [real(1, 2, 2, 3, 2), ("constant", real(2, 1, 3, 2, 2))]),
    "det": ("Det", {}, [real(2, 3, 3)]),
    "einsum": ("Einsum", dict(equation="bhqd,bhkd->bhqk"), [real(2, 2, 3, 4), real(2, 2, 5, 4)]),
    "einsum_three": ("Einsum", dict(equation="...ij,jk,k->...i"), [real(2, 3, 4), real(4, 5), real(5)]),
    "einsum_diagonal": ("Einsum", dict(equation="iij->ji"), [real(3, 3, 2)]),
    "global_lp_pool": ("GlobalLpPool", dict(p=3), [X]),
    "global_max_pool": ("GlobalMaxPool", {}, [X]),
    "grid_sample": ("GridSample", dict(mode="bilinear", padding_mode="reflection"), [real(2, 3, 4, 5), 1.5 * real(2, 3, 2, 2)]),
    "group_normalization": ("GroupNormalization", dict(num_groups=2), [real(2, 4, 3), ("constant", real(4)), ("constant", real(4))]),
    "gru": ("GRU", dict(hidden_size=3, linear_before_reset=1), [LINE, real(1, 9, 4), real(1, 9, 3), real(1, 18)]),
    "gru_reverse": ("GRU", dict(hidden_size=3, direction="reverse"), [LINE, real(1, 9, 4), real(1, 9, 3)]),
    "lrn": ("LRN", dict(size=3, alpha=0.5), [X]),
    "lp_normalization": ("LpNormalization", dict(axis=1, p=1), [real(2, 3, 2)]),
    "lp_pool": ("LpPool", dict(kernel_shape=[2, 3], pads=[1, 1, 0, 0], p=1), [X]),
    "lstm": ("LSTM", dict(hidden_size=3, direction="bidirectional"), [LINE, real(2, 12, 4), real(2, 12, 3), real(2, 24), np.array([3, 2], np.int32)]),
    "lstm_peepholes": ("LSTM", dict(hidden_size=3, clip=0.5), [LINE, real(1, 12, 4), real(1, 12, 3), real(1, 24), None, real(1, 2, 3), real(1, 2, 3), real(1, 9)]),
    "mean_variance_normalization": ("MeanVarianceNormalization", dict(axes=[0, 2, 3]), [X]),
    "non_max_suppression": ("NonMaxSuppression", {}, [np.array([[[0, 0, 1, 1], [0, 0.1, 1, 1.1], [1, 1, 0.5, 0.6], [0, 10, 1, 11]]], np.float32), np.abs(real(1, 2, 4)), np.int64(3), np.float32(0.5), np.float32(0.1)]),
    "resize": ("Resize", dict(mode="linear"), [X, None, ("constant", np.array([1, 1, 1.6, 0.7], np.float32))]),
    "resize_cubic": ("Resize", dict(mode="cubic", coordinate_transformation_mode="asymmetric"), [X, None, None, whole(2, 3, 9, 4)]),
    "resize_nearest": ("Resize", dict(mode="nearest", coordinate_transformation_mode="align_corners", nearest_mode="ceil"), [X, None, None, whole(2, 3, 10, 3)]),
    "rnn": ("RNN", dict(hidden_size=3, activations=["LeakyRelu"], activation_alpha=[0.1]), [LINE, real(1, 3, 4), real(1, 3, 3), None, None, real(1, 2, 3)]),
    "scatter": ("Scatter", dict(axis=1), [real(2, 3), np.array([[2], [0]], np.int64), real(2, 1)]),
    "string_concat": ("StringConcat", {}, [WORDS, np.array(["!", "ß"], dtype=object)]),
    "string_normalizer": ("StringNormalizer", dict(case_change_action="LOWER", is_case_sensitive=1, stopwords=["The"], locale="C"), [np.array(["The", "Cat", "the"], dtype=object)]),
    "string_split": ("StringSplit", dict(delimiter=",", maxsplit=2), [np.array(["a,b,,c", "", "über"], dtype=object)], 2),
    "upsample": ("Upsample", dict(mode="linear"), [X, ("constant", np.array([1, 1, 2, 1.5], np.float32))]),
    "gru_parameters": ("GRU", dict(hidden_size=3, activations=["Sigmoid", "LeakyRelu"], activation_alpha=[0.7]), [wave(3, 2, 4) - 1, wave(1, 9, 4), wave(1, 9, 3)]),
    "lstm_parameters": ("LSTM", dict(hidden_size=2, activations=["HardSigmoid", "Tanh", "ScaledTanh"], activation_alpha=[0.3, 1.2], activation_beta=[0.4, 0.9]), [wave(3, 2, 4), wave(1, 8, 4), wave(1, 8, 2)]),
}


def value(name: str, kind: int, shape: list | None) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


FLOAT, INT64, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL
node = helper.make_node
ADD_ONE = helper.make_graph(
    [node("Add", ["state", "x"], ["next"]), node("Cast", ["i"], ["number"], to=FLOAT), node("Mul", ["next", "number"], ["row"]),
     node("Less", ["number", "limit"], ["more"])],
    "body", [value("i", INT64, []), value("go", BOOL, []), value("state", FLOAT, [2])],
    [value("more", BOOL, []), value("next", FLOAT, [2]), value("row", FLOAT, [2])])
SUM_ROWS = helper.make_graph(
    [node("Add", ["state", "row"], ["next"]), node("Mul", ["next", "x"], ["out"])], "body",
    [value("state", FLOAT, [2]), value("row", FLOAT, [2])], [value("next", FLOAT, [2]), value("out", FLOAT, [2])])
TWICE = helper.make_graph([node("Add", ["t", "t"], ["u"])], "body", [value("t", FLOAT, None)], [value("u", FLOAT, None)])
BRANCHES = dict(
    then_branch=helper.make_graph([node("Neg", ["x"], ["a"])], "then", [], [value("a", FLOAT, [2])]),
    else_branch=helper.make_graph([node("Add", ["x", "y"], ["b"])], "else", [], [value("b", FLOAT, [2])]))
V, W, ROWS = real(2), real(2), real(4, 2)
CONSTRUCT = node("SequenceConstruct", ["x", "y", "x"], ["s"])
# Graphs of several operators: name: (nodes, inputs by name, the result).
GRAPHS = {
    "if": ([node("If", ["c"], ["result"], **BRANCHES)], dict(c=np.array(False), x=V, y=W)),
    "loop": ([node("Loop", ["n", "", "start"], ["result", "rows"], body=ADD_ONE)], dict(n=np.int64(5), start=W, x=V, limit=np.float32(2))),
    "scan": ([node("Scan", ["start", "rows"], ["end", "result"], body=SUM_ROWS, num_scan_inputs=1, scan_input_directions=[1])], dict(start=W, rows=ROWS, x=V)),
    "sequence_construct": ([CONSTRUCT, node("ConcatFromSequence", ["s"], ["result"], axis=0)], dict(x=V, y=W)),
    "concat_from_sequence": ([CONSTRUCT, node("ConcatFromSequence", ["s"], ["result"], axis=-1, new_axis=1)], dict(x=V, y=W)),
    "sequence_at": ([CONSTRUCT, node("SequenceAt", ["s", "i"], ["result"])], dict(x=V, y=W, i=np.int64(-2))),
    "sequence_empty": ([node("SequenceEmpty", [], ["s"]), node("SequenceInsert", ["s", "x"], ["t"]), node("SequenceLength", ["t"], ["result"])], dict(x=V)),
    "sequence_insert": ([CONSTRUCT, node("SequenceInsert", ["s", "z", "i"], ["t"]), node("ConcatFromSequence", ["t"], ["result"], axis=0)], dict(x=V, y=W, z=real(1), i=np.int64(1))),
    "sequence_erase": ([CONSTRUCT, node("SequenceErase", ["s", "i"], ["t"]), node("ConcatFromSequence", ["t"], ["result"], axis=0)], dict(x=V, y=W, i=np.int64(0))),
    "sequence_length": ([CONSTRUCT, node("SequenceLength", ["s"], ["result"])], dict(x=V, y=W)),
    "sequence_map": ([CONSTRUCT, node("SequenceMap", ["s"], ["t"], body=TWICE), node("ConcatFromSequence", ["t"], ["result"], axis=0)], dict(x=V, y=W)),
    "split_to_sequence": ([node("SplitToSequence", ["x"], ["s"], axis=0, keepdims=0), node("SequenceAt", ["s", "i"], ["result"])], dict(x=ROWS, i=np.int64(2))),
    "optional": ([node("Optional", ["x"], ["o"]), node("OptionalGetElement", ["o"], ["result"])], dict(x=V)),
    "optional_get_element": ([node("Optional", ["x"], ["o"]), node("OptionalGetElement", ["o"], ["v"]), node("Neg", ["v"], ["result"])], dict(x=V)),
    "optional_has_element": ([node("Optional", ["x"], ["o"]), node("OptionalHasElement", ["o"], ["result"])], dict(x=V)),
    "zip_map": ([node("ZipMap", ["x"], ["result"], classlabels_strings=["a", "b"], domain="ai.onnx.ml")], dict(x=ROWS)),
}


def save(folder: pathlib.Path, model: onnx.ModelProto, inputs: list, results: list[str]) -> None:
    """Writes a case, with the outputs of ONNX Runtime."""
    if {node.op_type for node in model.graph.node} & REFERENCE:
        outputs = onnx.reference.ReferenceEvaluator(model).run(results, dict(inputs))
    else:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        outputs = session.run(results, dict(inputs))
    if isinstance(outputs[0], list):  # ZipMap: rows as dictionaries, which are read as the matrix of their values.
        outputs = [np.array([list(row.values()) for row in outputs[0]], np.float32)]
        info = helper.make_tensor_type_proto(FLOAT, None)
        kind = helper.make_sequence_type_proto(helper.make_map_type_proto(TensorProto.STRING, info))
        infos = [helper.make_value_info(results[0], kind)]
    else:
        infos = [value(name, helper.np_dtype_to_tensor_dtype(output.dtype), output.shape)
                 for name, output in zip(results, map(np.asarray, outputs))]
    del model.graph.output[:]
    model.graph.output.extend(infos)
    onnx.checker.check_model(model, full_check=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    for kind, arrays in (("input", [array for _, array in inputs]), ("output", outputs)):
        for index, array in enumerate(arrays):
            (folder / f"{kind}_{index}.pb").write_bytes(numpy_helper.from_array(np.asarray(array)).SerializeToString())


def kind_of(array: np.ndarray) -> int:
    return TensorProto.STRING if array.dtype == object else helper.np_dtype_to_tensor_dtype(array.dtype)


def model_of(nodes: list, name: str, inputs: list, results: list[str], constants: list, version: int) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes, name, [value(n, kind_of(v), v.shape) for n, v in inputs],
        [helper.make_empty_tensor_value_info(result) for result in results], constants)
    sets = [helper.make_opsetid("", version)]
    domains = {node.domain for node in nodes} - {""}
    sets += [helper.make_opsetid(domain, 5 if any(n.op_type == "TreeEnsemble" for n in nodes) else 3) for domain in domains]
    model = helper.make_model(graph, opset_imports=sets, ir_version=13 if version >= 26 else 10 if version > 17 else 8)
    return model if domains else onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)


def doubling() -> onnx.ModelProto:
    """A model that puts a string together with itself, thirty times."""
    def text(name):
        return helper.make_tensor_value_info(name, TensorProto.STRING, [1])

    body = helper.make_graph(
        [helper.make_node("StringConcat", ["state", "state"], ["next"]),
         helper.make_node("Identity", ["going"], ["goes_on"])], "body",
        [helper.make_tensor_value_info("i", TensorProto.INT64, []),
         helper.make_tensor_value_info("going", TensorProto.BOOL, []), text("state")],
        [helper.make_tensor_value_info("goes_on", TensorProto.BOOL, []), text("next")])
    graph = helper.make_graph(
        [helper.make_node("Loop", ["times", "", "x"], ["y"], body=body)], "doubling", [text("x")], [text("y")],
        [numpy_helper.from_array(np.int64(30), "times")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    return model


def main() -> None:
    target = pathlib.Path(sys.argv[1])
    for name, (operator, attributes, values, *count) in CASES.items():
        names, inputs, constants = [], [], []
        for index, array in enumerate(values):
            if array is None:
                names.append("")
                continue
            names.append(f"input_{index}")
            if isinstance(array, tuple):
                constants.append(numpy_helper.from_array(array[1], names[-1]))
            else:
                inputs.append((names[-1], np.asarray(array)))
        results = ["result", "places"] if operator == "TopK" else ["result"]
        if count:
            results = [f"result_{index}" for index in range(count[0])]
        domain, _, op = operator.rpartition(".")
        for key in REALS.intersection(attributes):
            if isinstance(attributes[key], list):
                attributes[key] = [float(number) for number in attributes[key]]
        nodes = [helper.make_node(op, names, results, name=name, domain=domain, **attributes)]
        model = model_of(nodes, name, inputs, results, constants, NEWER.get(operator, 17))
        save(target / name, model, inputs, results if count else results[:1])
    for name, (nodes, inputs) in GRAPHS.items():
        inputs = [(n, np.asarray(v)) for n, v in inputs.items()]
        save(target / name, model_of(nodes, name, inputs, ["result"], [], 17), inputs, ["result"])
    hostile = target.parent / "Hostile"
    hostile.mkdir(exist_ok=True)
    (hostile / "doubling.onnx").write_bytes(doubling().SerializeToString())
    print(f"{len(CASES) + len(GRAPHS)} cases written (onnxruntime {onnxruntime.__version__})")


if __name__ == "__main__":
    main()
