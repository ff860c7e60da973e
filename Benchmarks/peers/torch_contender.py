"""PyTorch, eager, at its best settings for this work on a processor: channels_last, fused SGD, inference_mode."""
import sys

import torch
from contender import serve
from network import network, pictures
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
is_half = sys.argv[2:] == ["bfloat16"]


def cast():
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=is_half)


def train():
    model, x, y = network().train(), pictures(32), torch.arange(32) % 2
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, fused=True)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with cast():
            loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def infer(batch):
    model, x = network().eval(), pictures(batch)

    def predict():
        with torch.inference_mode(), cast():
            model(x)

    return predict


serve({"train": train, "infer": infer})
