"""PyTorch, eager, at its best settings for this work on a processor: channels_last, fused SGD, inference_mode."""
import sys

import torch
from contender import serve
from network import BATCH, network, pictures
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
name, is_half = sys.argv[2], sys.argv[3:] == ["bfloat16"]


def cast():
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=is_half)


def train():
    model, x, y = network(name).train(), pictures(name, BATCH[name]), torch.arange(BATCH[name]) % 2
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
    model, x = network(name).eval(), pictures(name, batch)

    def predict():
        with torch.inference_mode(), cast():
            model(x)

    return predict


serve({"train": train, "infer": infer})
