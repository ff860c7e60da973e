#!/usr/bin/env python3
"""Makes the networks that ONNX files mostly hold, with random weights, and ONNX Runtime's outputs for them.

    pip install torch torchvision transformers onnx onnxscript onnxruntime
    python3 Tests/Oracles/onnx_models.py /tmp/onnx-models
    MLOPS_ONNX_MODELS=/tmp/onnx-models swift test -c release --disable-testable-imports --filter ModelConformance

One folder a network and exporter: model.onnx, input_0.pb …, output_0.pb … (serialized TensorProto), and tolerance.txt with
the relative and the absolute tolerance. The exporters are PyTorch's: the one that traces (TorchScript) for the operator
sets 13 (14 where there is attention) and 17, and the one that captures the program (dynamo) for 18. Nothing is downloaded.
"""
import io
import pathlib
import sys
import warnings

import numpy
import onnx
import onnxruntime
import torch
from onnx import numpy_helper

try:
    import torchvision
except RuntimeError:
    # Its compiled part does not load into a torch from elsewhere. It is not needed here, but importing asks for these.
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision
from transformers import BertConfig, BertModel

EXPORTERS = [("trace", 13), ("trace", 14), ("trace", 17), ("dynamo", 18)]
# The tracing exporter writes attention from the operator set 14 on.
WITH_ATTENTION = {"vit", "bert"}


class Encoder(torch.nn.Module):
    """The part of BERT that gives a vector for each token and one for the text."""

    def __init__(self) -> None:
        super().__init__()
        config = BertConfig(
            vocab_size=500, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128,
            max_position_embeddings=64)
        self.model = BertModel(config)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        result = self.model(input_ids=ids, attention_mask=mask)
        return result.last_hidden_state, result.pooler_output


def networks() -> dict[str, tuple[torch.nn.Module, tuple[torch.Tensor, ...]]]:
    models = torchvision.models
    picture = (torch.randn(2, 3, 64, 64),)
    vision = models.VisionTransformer(
        image_size=64, patch_size=16, num_layers=2, num_heads=4, hidden_dim=64, mlp_dim=128, num_classes=10)
    mask = torch.ones(2, 12, dtype=torch.int64)
    mask[1, 7:] = 0
    return {
        "resnet18": (models.resnet18(weights=None), picture),
        "resnet50": (models.resnet50(weights=None), picture),
        "mobilenet_v2": (models.mobilenet_v2(weights=None), picture),
        "efficientnet_b0": (models.efficientnet_b0(weights=None), picture),
        "vit": (vision, picture),
        "bert": (Encoder(), (torch.randint(0, 500, (2, 12)), mask)),
    }


def settle(network: torch.nn.Module) -> None:
    """Gives normalizations statistics other than 0 and 1, so that leaving them out would show."""
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.8, 1.2)
            module.weight.data.uniform_(0.8, 1.2)
            module.bias.data.normal_(0, 0.1)
        if isinstance(module, torchvision.models.VisionTransformer):
            # Zeros otherwise: every picture would be given the same scores.
            torch.nn.init.normal_(module.heads.head.weight, std=0.5)


def export(network: torch.nn.Module, inputs: tuple[torch.Tensor, ...], exporter: str, operator_set: int) -> bytes:
    if exporter == "dynamo":
        batch = torch.export.Dim("batch", min=1, max=64)
        program = torch.onnx.export(
            network, inputs, dynamo=True, opset_version=operator_set, verbose=False,
            dynamic_shapes=tuple({0: batch} for _ in inputs))
        return program.model_proto.SerializeToString()
    file = io.BytesIO()
    names = [f"x{i}" for i in range(len(inputs))]
    torch.onnx.export(
        network, inputs, file, dynamo=False, opset_version=operator_set, input_names=names,
        dynamic_axes={name: {0: "batch"} for name in names})
    return file.getvalue()


def main() -> int:
    warnings.simplefilter("ignore")
    torch.backends.mha.set_fastpath_enabled(False)  # Its one fused operator is in no operator set.
    target = pathlib.Path(sys.argv[1])
    chosen = set(sys.argv[2:])
    operators: set[str] = set()
    for name, (network, inputs) in networks().items():
        if chosen and name not in chosen:
            continue
        torch.manual_seed(7)
        network = network.eval()
        settle(network)
        for exporter, operator_set in EXPORTERS:
            if operator_set == (13 if name in WITH_ATTENTION else 14):
                continue
            with torch.no_grad():
                model = export(network, inputs, exporter, operator_set)
            session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
            values = {info.name: x.numpy() for info, x in zip(session.get_inputs(), inputs, strict=True)}
            outputs = session.run(None, values)
            folder = target / f"{name}_{exporter}_{operator_set}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "model.onnx").write_bytes(model)
            (folder / "tolerance.txt").write_text("1e-4 1e-4\n")
            for kind, arrays in (("input", values.values()), ("output", outputs)):
                for index, array in enumerate(arrays):
                    (folder / f"{kind}_{index}.pb").write_bytes(
                        numpy_helper.from_array(numpy.asarray(array)).SerializeToString())
            operators |= {node.op_type for node in onnx.load_from_string(model).graph.node}
            print(f"{folder.name}: {len(model):,} bytes, outputs {[list(o.shape) for o in outputs]}", flush=True)
    print(f"{len(operators)} operators: {', '.join(sorted(operators))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
