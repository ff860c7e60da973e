"""The networks that all contenders run, layer by layer those of this package's `NetworkSpec`."""
import torch
from torch import nn

SIDE = {"petNet": 64, "resNet18": 128, "mobileNetV2": 128}
BATCH = {"petNet": 32, "resNet18": 16, "mobileNetV2": 16}


def convolution(inputs, filters, kernel=3, stride=1, groups=1, activation=nn.ReLU):
    layers = [
        nn.Conv2d(inputs, filters, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(filters)]
    return layers + ([activation(True)] if activation else [])


class Residual(nn.Module):
    def __init__(self, body, shortcut=None):
        super().__init__()
        self.body, self.shortcut = nn.Sequential(*body), shortcut

    def forward(self, x):
        return self.body(x) + (self.shortcut(x) if self.shortcut else x)


def pet_net():
    layers, inputs = [], 3
    for stage, filters in enumerate([32, 64, 128, 256]):
        if stage > 0:
            layers.append(nn.MaxPool2d(2))
        for _ in range(2):
            layers += convolution(inputs, filters)
            inputs = filters
    return layers, inputs


def res_net_18():
    layers, inputs = convolution(3, 64, 7, 2) + [nn.MaxPool2d(3, 2, 1)], 64
    for stage, filters in enumerate([64, 128, 256, 512]):
        for block in range(2):
            stride = 2 if stage > 0 and block == 0 else 1
            fit = nn.Sequential(*convolution(inputs, filters, 1, 2, activation=None)) if stride > 1 else None
            body = convolution(inputs, filters, 3, stride) + convolution(filters, filters, activation=None)
            layers += [Residual(body, fit), nn.ReLU(True)]
            inputs = filters
    return layers, inputs


def mobile_net_v2():
    layers, inputs = convolution(3, 32, 3, 2, activation=nn.ReLU6), 32
    for expansion, filters, blocks, first_stride in [
            (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]:
        for block in range(blocks):
            stride, wide = first_stride if block == 0 else 1, inputs * expansion
            body = convolution(inputs, wide, 1, activation=nn.ReLU6) if expansion > 1 else []
            body += convolution(wide, wide, 3, stride, groups=wide, activation=nn.ReLU6)
            body += convolution(wide, filters, 1, activation=None)
            layers += [Residual(body)] if stride == 1 and inputs == filters else body
            inputs = filters
    return layers + convolution(inputs, 1280, 1, activation=nn.ReLU6), 1280


def network(name):
    layers, features = {"petNet": pet_net, "resNet18": res_net_18, "mobileNetV2": mobile_net_v2}[name]()
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(features, 2)]
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)


def pictures(name, count):
    return torch.randn(count, 3, SIDE[name], SIDE[name]).to(memory_format=torch.channels_last)
