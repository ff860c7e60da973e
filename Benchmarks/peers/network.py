"""The network that all contenders run: eight 3 × 3 convolutions with batch normalization and ReLU."""
import torch
from torch import nn


def network():
    layers, inputs = [], 3
    for stage, filters in enumerate([32, 64, 128, 256]):
        if stage > 0:
            layers.append(nn.MaxPool2d(2))
        for _ in range(2):
            layers += [nn.Conv2d(inputs, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters), nn.ReLU(True)]
            inputs = filters
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 2)]
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)


def pictures(count):
    return torch.randn(count, 3, 64, 64).to(memory_format=torch.channels_last)
