"""Makes the models that runtimes are compared on, with random weights, inputs, and ONNX Runtime's outputs.

    python3 onnx_bench_models.py FOLDER [NAME ...]

One folder a model: model.onnx, model.json (inputs and outputs: name, type, shape, file), and the tensors' bytes.
The name `trees` stands for the ensembles of `onnx_bench_trees.py`. Nothing is downloaded. Needs torch, torchvision,
transformers, onnx, onnxruntime, scikit-learn, skl2onnx.
"""
import io
import json
import pathlib
import sys
import warnings

import numpy
import onnx_bench_trees
import onnxruntime
import torch

try:
    import torchvision
except RuntimeError:
    # Its compiled part does not load into a torch from elsewhere. It is not needed here, but importing asks for these.
    library = torch.library.Library("torchvision", "DEF")
    for operator in ("nms", "qnms"):
        library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision
from network import network as pet_network
from transformers import BertConfig, BertModel, ViTConfig, ViTModel

TYPES = {"float32": "FP32", "int64": "INT64", "int32": "INT32", "uint8": "UINT8", "int8": "INT8"}


class Bert(torch.nn.Module):
    """BERT-like: 4 layers of 256, 4 heads."""

    def __init__(self):
        super().__init__()
        self.model = BertModel(BertConfig(
            vocab_size=5000, hidden_size=256, num_hidden_layers=4, num_attention_heads=4, intermediate_size=1024))

    def forward(self, ids, mask):
        return self.model(input_ids=ids, attention_mask=mask).last_hidden_state


class ViT(torch.nn.Module):
    """ViT-small, patches of 16."""

    def __init__(self):
        super().__init__()
        self.model = ViTModel(ViTConfig(
            hidden_size=384, num_hidden_layers=12, num_attention_heads=6, intermediate_size=1536))

    def forward(self, x):
        return self.model(pixel_values=x).last_hidden_state


def pictures(side, batch=1):
    return (torch.randn(batch, 3, side, side),)


def text(batch=1, length=128):
    return torch.randint(0, 5000, (batch, length)), torch.ones(batch, length, dtype=torch.int64)


def subjects():
    models = torchvision.models
    return {
        "petNet-b1": (lambda: pet_network("petNet"), pictures(64)),
        "petNet-b32": (lambda: pet_network("petNet"), pictures(64, 32)),
        "resnet18-224": (models.resnet18, pictures(224)),
        "resnet18-128": (models.resnet18, pictures(128)),
        "mobilenet_v2-224": (models.mobilenet_v2, pictures(224)),
        "efficientnet_b0-224": (models.efficientnet_b0, pictures(224)),
        "vit_small-224": (ViT, pictures(224)),
        "bert-128": (Bert, text()),
        "resnet18-int8-224": (models.resnet18, pictures(224)),
    }


def settle(model):
    """Gives normalizations statistics other than 0 and 1."""
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.8, 1.2)


def quantize(model, side):
    """Static quantization by onnxruntime, QDQ, weights per channel."""
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process
    import tempfile

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.batches = iter([{"x0": pictures(side)[0].numpy()} for _ in range(4)])

        def get_next(self):
            return next(self.batches, None)

    with tempfile.TemporaryDirectory() as folder:
        paths = [pathlib.Path(folder) / name for name in ("plain.onnx", "ready.onnx", "int8.onnx")]
        paths[0].write_bytes(model)
        quant_pre_process(str(paths[0]), str(paths[1]))
        quantize_static(
            str(paths[1]), str(paths[2]), Reader(), quant_format=QuantFormat.QDQ, per_channel=True,
            activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
        return paths[2].read_bytes()


def main():
    warnings.simplefilter("ignore")
    torch.backends.mha.set_fastpath_enabled(False)
    torch.set_num_threads(1)
    target, chosen = pathlib.Path(sys.argv[1]), set(sys.argv[2:])
    if not chosen or "trees" in chosen:
        onnx_bench_trees.make(target)
    for name, (make, inputs) in subjects().items():
        if chosen and name not in chosen:
            continue
        torch.manual_seed(7)
        model = make().eval()
        settle(model)
        names = [f"x{i}" for i in range(len(inputs))]
        file = io.BytesIO()
        with torch.no_grad():
            torch.onnx.export(
                model, inputs, file, dynamo=False, opset_version=17, input_names=names,
                dynamic_axes={name: {0: "batch"} for name in names})
        content = file.getvalue()
        if "int8" in name:
            content = quantize(content, inputs[0].shape[-1])
        session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
        arrays = {key: value.numpy() for key, value in zip(names, inputs, strict=True)}
        results = dict(zip([o.name for o in session.get_outputs()], session.run(None, arrays), strict=True))
        folder = target / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model.onnx").write_bytes(content)
        description = {}
        for kind, tensors in (("inputs", arrays), ("outputs", results)):
            description[kind] = []
            for index, (key, array) in enumerate(tensors.items()):
                array = numpy.ascontiguousarray(array)
                (folder / f"{kind}_{index}.bin").write_bytes(array.tobytes())
                description[kind].append({
                    "name": key, "type": TYPES[str(array.dtype)], "shape": list(array.shape),
                    "file": f"{kind}_{index}.bin"})
        (folder / "model.json").write_text(json.dumps(description, indent=1))
        print(f"{name}: {len(content):,} bytes", flush=True)


main()
