"""Writes adam_trajectories.json and sgd_trajectories.json beside itself: the weights after each of 40 steps of PyTorch's
optimizers in float64, for given gradients. The learning rate falls to a tenth at step 21."""
import json
import pathlib

import torch

STEPS, SIZE, FALL = 40, 9, 20


def run(name, optimizer, config):
    torch.manual_seed(7)
    w = torch.nn.Parameter(torch.randn(SIZE, dtype=torch.float64))
    gradients = torch.randn(STEPS, SIZE, dtype=torch.float64) * torch.logspace(-3, 1, SIZE, dtype=torch.float64)
    opt = optimizer([w], **config)
    result = {"name": name, "config": {**config, "falls_after": FALL}, "dtype": "float64",
              "w0": w.tolist(), "g": gradients.tolist(), "w": []}
    for t in range(STEPS):
        if t == FALL:
            opt.param_groups[0]["lr"] /= 10
        w.grad = gradients[t].clone()
        opt.step()
        result["w"].append(w.tolist())
    return result


def write(file, runs):
    (pathlib.Path(__file__).parent / file).write_text(json.dumps(runs) + "\n")


write("adam_trajectories.json", [
    run("cifar", torch.optim.Adam, {"lr": 1e-3, "weight_decay": 5e-4}),
    run("ptb", torch.optim.Adam, {"lr": 1e-2, "weight_decay": 1.2e-6}),
    run("other betas", torch.optim.Adam, {"lr": 5e-3, "betas": [0.8, 0.99], "eps": 1e-3}),
    run("amsgrad", torch.optim.Adam, {"lr": 5e-3, "betas": [0.5, 0.9], "amsgrad": True}),
])
write("sgd_trajectories.json", [
    run("plain", torch.optim.SGD, {"lr": 0.1}),
    run("cifar", torch.optim.SGD, {"lr": 0.01, "momentum": 0.9, "weight_decay": 5e-4}),
    run("ptb", torch.optim.SGD, {"lr": 30, "weight_decay": 1.2e-6}),
])
