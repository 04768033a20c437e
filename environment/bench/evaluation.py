"""Evaluation of images in batches of 256, or of text at batch 1, on data that is there already:
python3 evaluation.py NETWORK [--size N]"""
import argparse
import math

import torch
import torch.nn.functional as F

import measurement
import networks

BATCH = 256


@torch.inference_mode()
def evaluate_images(network, size):
    images, labels = torch.randn(size, 3, 32, 32), torch.randint(10, (size,))
    device = measurement.device()
    loss = correct = 0
    for start in range(0, size, BATCH):
        expected = labels[start:start + BATCH].to(device)
        logits = network(images[start:start + BATCH].to(device))
        loss += F.cross_entropy(logits, expected).item() * len(expected)
        correct += (logits.argmax(1) == expected).sum().item()
    return loss / size, correct / size


@torch.inference_mode()
def evaluate_text(network, size):
    text = torch.randint(networks.WORDS, (size + 1, 1), device=measurement.device())
    state = network.zero_state(1)
    loss = 0
    for start in range(0, size, networks.BPTT):
        targets = text[start + 1:start + 1 + networks.BPTT]
        logits, state, _, _ = network(text[start:start + len(targets)], state)
        loss += F.cross_entropy(logits, targets.reshape(-1)).item() * len(targets)
    return math.exp(loss / size)


def main():
    parser = argparse.ArgumentParser(description="Evaluation with PyTorch")
    parser.add_argument("network", choices=networks.NETWORKS)
    parser.add_argument("--size", type=int, required=True, help="images or tokens")
    arguments = parser.parse_args()
    measurement.set_threads()
    torch.manual_seed(1)
    network = networks.build(arguments.network).to(measurement.device()).eval()
    language = arguments.network.startswith("lstm")
    evaluate = evaluate_text if language else evaluate_images
    seconds = measurement.median_seconds(lambda: evaluate(network, arguments.size), 1, 1)
    measurement.emit(f"evaluation {arguments.network}", "PyTorch", arguments.size / seconds,
                     "tokens/s" if language else "images/s")


if __name__ == "__main__":
    main()
