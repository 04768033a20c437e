"""Training steps as the paper's recipe makes them, on data in memory: python3 training.py NETWORK [--steps N]"""
import argparse

import torch
import torch.nn.functional as F

import measurement
import networks
from optimizer import AdaDiff


def image_step(network):
    batch, device = 128, measurement.device()
    # As many images as CIFAR's training and test sets have, and as torchvision keeps them
    dataset, classes = torch.randint(256, (60_000, 3, 32, 32), dtype=torch.uint8), torch.randint(10, (60_000,))
    optimizer = AdaDiff(network.parameters(), lr=1e-3, eps=1e-8, weight_decay=5e-4)

    def step():
        chosen = torch.randint(50_000, (batch,))
        images, labels = (dataset[chosen] / 127.5 - 1).to(device), classes[chosen].to(device)
        optimizer.zero_grad(set_to_none=True)
        logits = network(images)
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        optimizer.step()
        return loss.item(), (logits.argmax(1) == labels).sum().item()

    return step, batch, "images/s"


def language_step(network):
    batch = 20
    tokens = torch.randint(networks.WORDS, (networks.BPTT + 1, batch), device=measurement.device())
    optimizer = AdaDiff(network.parameters(), lr=1e-2, eps=1e-12, weight_decay=1.2e-6)
    state = network.zero_state(batch)

    def step():
        nonlocal state
        optimizer.zero_grad(set_to_none=True)
        logits, state, raw, dropped = network(tokens[:-1], state)
        loss = network.loss(logits, raw, dropped, tokens[1:])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 0.25)
        optimizer.step()
        return loss.item()

    return step, networks.BPTT * batch, "tokens/s"


def main():
    parser = argparse.ArgumentParser(description="Training steps of PyTorch")
    parser.add_argument("network", choices=networks.NETWORKS)
    parser.add_argument("--steps", type=int, default=3, help="measured steps, after one that is not")
    arguments = parser.parse_args()
    measurement.set_threads()
    torch.manual_seed(1)
    network = networks.build(arguments.network).to(measurement.device()).train()
    step, size, unit = (language_step if arguments.network.startswith("lstm") else image_step)(network)
    benchmark = f"training {arguments.network}"
    measurement.emit(benchmark, "PyTorch", size / measurement.median_seconds(step, 1, arguments.steps), unit)
    measurement.emit_peak_memory(benchmark)


if __name__ == "__main__":
    main()
