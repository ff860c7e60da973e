"""Writes Tests/MLOpsCNNTests/Fixtures/oracles.json: what PyTorch computes for the same numbers.

Run by hand, with a PyTorch for the CPU:  python Tests/Oracles/cnn_oracles.py
"""

import json
import math
import pathlib

import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float32)


def sequence(count, salt):
    """The same plain numbers in -1 ..< 1 as `plainSequence` in the Swift tests."""
    state = (salt * 2654435761 + 12345) % 2**32
    values = []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        values.append((state >> 8) / 2**23 - 1)
    return values


def trajectory(make):
    """100 steps on ½Σaᵢ(wᵢ − tᵢ)², whose gradient is a(w − t); the weights after steps 1, 10 and 100."""
    n = 12
    weights = torch.nn.Parameter(torch.tensor(sequence(n, 1)))
    target = torch.tensor(sequence(n, 2))
    curvature = torch.tensor([0.5 + i / 4 for i in range(n)])
    optimizer = make([weights])
    result = {}
    for step in range(1, 101):
        weights.grad = curvature * (weights.detach() - target)
        optimizer.step()
        if step in (1, 10, 100):
            result[str(step)] = weights.detach().tolist()
    return result


def schedule(make, steps):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    scheduler = make(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def fill(shape, salt, scale):
    count = math.prod(shape)
    return (torch.tensor(sequence(count, salt)) * scale).reshape(shape)


def network_losses():
    """10 steps of a small network on fixed pictures: the losses, and the logits in inference afterwards."""
    size, classes, batch = 8, 3, 5
    net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 3, padding=1, bias=False),
        torch.nn.BatchNorm2d(4),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(4, 6, 3, stride=2, padding=1),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(6 * 2 * 2, 7),
        torch.nn.ReLU(),
        torch.nn.Linear(7, classes),
    )
    with torch.no_grad():
        # The Swift side has [R, S, C, K] and [inputs, units] with channels last; the same numbers, permuted.
        net[0].weight.copy_(fill((3, 3, 3, 4), 11, 0.5).permute(3, 2, 0, 1))
        net[4].weight.copy_(fill((3, 3, 4, 6), 12, 0.4).permute(3, 2, 0, 1))
        net[4].bias.zero_()
        rows = fill((2, 2, 6, 7), 13, 0.4).permute(2, 0, 1, 3).reshape(24, 7)
        net[7].weight.copy_(rows.T)
        net[7].bias.zero_()
        net[9].weight.copy_(fill((7, classes), 14, 0.6).T)
        net[9].bias.zero_()
    decayed = [net[i].weight for i in (0, 4, 7, 9)]
    plain = [net[1].weight, net[1].bias, net[4].bias, net[7].bias, net[9].bias]
    optimizer = torch.optim.SGD(
        [{"params": decayed, "weight_decay": 1e-3}, {"params": plain}], lr=0.05, momentum=0.9, nesterov=True
    )
    loss_function = torch.nn.CrossEntropyLoss(label_smoothing=0.1)
    pictures = fill((batch, size, size, 3), 15, 1.5).permute(0, 3, 1, 2)
    labels = torch.tensor([0, 1, 2, 1, 0])
    losses = []
    net.train()
    for _ in range(10):
        optimizer.zero_grad()
        loss = loss_function(net(pictures), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    net.eval()
    with torch.no_grad():
        logits = net(pictures).tolist()
    return {"losses": losses, "logits": logits}



class Residual(torch.nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body

    def forward(self, x):
        return x + self.body(x)


class ChannelsLast(torch.nn.Module):
    def forward(self, x):
        return (x.permute(0, 2, 3, 1) if x.dim() == 4 else x).flatten(1)


def layer_gradients(layer, features):
    """The gradient of Σ r·logits for each parameter of: a 1 × 1 convolution, the layer, a dense layer.

    The first convolution's tells of the gradient for the layer's input. Tensors come in the order of the network and in
    the layout of the Swift side: [R, S, C, K], [inputs, units].
    """
    net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 1), layer, ChannelsLast(), torch.nn.Linear(features, 3))
    tensors = [tensor for tensor in net.parameters()]
    scales = {id(m.weight) for m in net.modules() if isinstance(m, (torch.nn.BatchNorm2d, torch.nn.GroupNorm))}

    def ours(tensor):
        return tensor.permute(2, 3, 1, 0) if tensor.dim() == 4 else tensor.T if tensor.dim() == 2 else tensor

    with torch.no_grad():
        for index, tensor in enumerate(tensors):
            shape = ours(tensor).shape
            values = fill(shape, 30 + index, 2 if index == 0 else 0.5) + (1 if id(tensor) in scales else 0)
            tensor.copy_(
                values.permute(3, 2, 0, 1) if tensor.dim() == 4 else values.T if tensor.dim() == 2 else values)
    net.train()
    pictures = fill((2, 5, 6, 3), 20, 1.5).permute(0, 3, 1, 2)
    (net(pictures) * fill((2, 3), 21, 1)).sum().backward()
    return [ours(tensor.grad).flatten().tolist() for tensor in tensors]


layers = {
    "convolution": (torch.nn.Conv2d(4, 5, 3, padding=1), 150),
    "stridedConvolution": (torch.nn.Conv2d(4, 5, 5, stride=2, padding=2), 45),
    "depthwiseConvolution": (torch.nn.Conv2d(4, 4, 3, stride=2, padding=1, groups=4), 36),
    "batchNorm": (torch.nn.BatchNorm2d(4), 120),
    "groupNorm": (torch.nn.GroupNorm(2, 4), 120),
    "relu": (torch.nn.ReLU(), 120),
    "relu6": (torch.nn.ReLU6(), 120),
    "gelu": (torch.nn.GELU(), 120),
    "silu": (torch.nn.SiLU(), 120),
    "maxPool": (torch.nn.MaxPool2d(3, 2, 1), 36),
    "averagePool": (torch.nn.AvgPool2d(2), 24),
    "globalAveragePool": (torch.nn.AdaptiveAvgPool2d(1), 4),
    "dense": (torch.nn.Sequential(ChannelsLast(), torch.nn.Linear(120, 7)), 7),
    "residual": (Residual(torch.nn.Sequential(torch.nn.Conv2d(4, 4, 3, padding=1), torch.nn.SiLU())), 120),
}

oracles = {
    "layers": {name: layer_gradients(*case) for name, case in layers.items()},
    "optimizers": {
        "sgd": trajectory(lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9, weight_decay=0.01)),
        "nesterov": trajectory(lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9, nesterov=True)),
        "adam": trajectory(lambda p: torch.optim.Adam(p, lr=0.02, weight_decay=0.01)),
        "adamW": trajectory(lambda p: torch.optim.AdamW(p, lr=0.02, weight_decay=0.05)),
        "rmsProp": trajectory(lambda p: torch.optim.RMSprop(p, lr=0.01)),
    },
    "schedules": {
        "step": schedule(lambda o: torch.optim.lr_scheduler.StepLR(o, step_size=20, gamma=0.5), 60),
        "oneCycle": schedule(lambda o: torch.optim.lr_scheduler.OneCycleLR(o, max_lr=0.1, total_steps=60), 60),
    },
    "network": network_losses(),
}
path = pathlib.Path(__file__).parent.parent / "MLOpsCNNTests" / "Fixtures" / "oracles.json"
path.write_text(json.dumps(oracles, indent=1) + "\n")
