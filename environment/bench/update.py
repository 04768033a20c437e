"""The update of all parameters of a network: python3 update.py NETWORK…"""
import sys

import torch

import measurement
import networks
from optimizer import AdaDiff

WARM_UP, TIMES = 5, 30


def measure(name):
    parameters = list(networks.build(name).to(measurement.device()).parameters())
    for parameter in parameters:
        parameter.grad = torch.randn_like(parameter)
    for subject, optimizer in (("PyTorch AdaDiff", AdaDiff), ("PyTorch Adam", torch.optim.Adam)):
        step = optimizer(parameters).step
        milliseconds = 1e3 * measurement.median_seconds(step, WARM_UP, TIMES)
        measurement.emit(f"update {name}", subject, milliseconds, "ms")


if __name__ == "__main__":
    measurement.set_threads()
    for network in sys.argv[1:]:
        measure(network)
