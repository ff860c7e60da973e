"""PyTorch's side of the benchmarks: the same commands as Contender.swift, for the same network.

Settings are its best for this work on a processor: channels_last, fused SGD, inference_mode.
"""
import resource
import sys
import time

import torch
from torch import nn

threads, kind = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "float32"
torch.set_num_threads(threads)
torch.manual_seed(1)


def network():
    layers, inputs = [], 3
    for stage, filters in enumerate([32, 64, 128, 256]):
        if stage > 0:
            layers.append(nn.MaxPool2d(2))
        for _ in range(2):
            layers += [nn.Conv2d(inputs, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters), nn.ReLU(inplace=True)]
            inputs = filters
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 2)]
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)


def cast():
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=kind == "bfloat16")


class Training:
    def __init__(self):
        self.model = network().train()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9, fused=True)
        self.x = torch.randn(32, 3, 64, 64).to(memory_format=torch.channels_last)
        self.y = torch.arange(32) % 2

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        with cast():
            loss = nn.functional.cross_entropy(self.model(self.x), self.y)
        loss.backward()
        self.optimizer.step()
        return loss.item()


training, inference, batches, matrices = None, None, {}, {}
for line in sys.stdin:
    name, *numbers = line.split()
    numbers = [int(number) for number in numbers]
    loss = ""
    if name == "train":
        training = training or Training()
        start = time.perf_counter()
        for _ in range(numbers[0]):
            loss = training.step()
    elif name == "infer":
        inference = inference or network().eval()
        x = batches.setdefault(numbers[0], torch.randn(numbers[0], 3, 64, 64).to(memory_format=torch.channels_last))
        with torch.inference_mode(), cast():
            start = time.perf_counter()
            for _ in range(numbers[1]):
                inference(x)
    elif name == "product":
        n = numbers[0]
        a, b, c = matrices.setdefault(n, (torch.randn(n, n), torch.randn(n, n), torch.empty(n, n)))
        start = time.perf_counter()
        for _ in range(numbers[1]):
            torch.mm(a, b, out=c)
    elif name == "peak":
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, flush=True)
        continue
    print(time.perf_counter() - start, loss, flush=True)
