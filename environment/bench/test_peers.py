"""Checks the peers' rule and networks against the reference values: python3 -m unittest discover environment/bench"""
import json
import os
import unittest

import numpy
import torch
import torch.nn.functional as F

import networks
from optimizer import AdaDiff

TESTS = os.path.join(os.path.dirname(__file__), "../../lib/{}/src/test/resources/org/adadiff/{}")
CLASSES = 10


def reference(module, name):
    with open(TESTS.format(module, name)) as file:
        return json.load(file)


def uniform(k, count):
    """U(k, i, 0) of the reference values for i from 0: SplitMix64, in [0, 1)."""
    golden = 0x9E3779B97F4A7C15
    z = numpy.arange(count, dtype=numpy.uint64) + numpy.uint64(((k << 32) + golden) % 2 ** 64)
    z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    z ^= z >> numpy.uint64(31)
    return torch.from_numpy((z >> numpy.uint64(11)).astype(numpy.float64) * 2.0 ** -53)


def set_weights(network, value):
    with torch.no_grad():
        for k, (name, weight) in enumerate(network.named_parameters()):
            weight.copy_(value(name, weight, uniform(k, weight.numel()).view_as(weight)))


def image_weight(name, weight, u):
    if weight.dim() > 1:
        return (6 / weight[0].numel()) ** 0.5 * (2 * u - 1)
    if weight.numel() == CLASSES:
        return 0.02 * u - 0.01
    return 0.9 + 0.2 * u if name.endswith("weight") else 0.2 * u - 0.1  # batch normalisation


def gradient_norm(network):
    return torch.cat([weight.grad.flatten() for weight in network.parameters()]).norm().item()


class Peers(unittest.TestCase):
    def close(self, expected, found, what, tolerance=1e-6):
        expected, found = torch.as_tensor(expected, dtype=torch.float64), torch.as_tensor(found, dtype=torch.float64)
        self.assertLessEqual((expected - found).abs().max().item(), tolerance * expected.abs().max().item(), what)

    def test_the_rule_follows_the_reference_trajectories(self):
        for run in reference("adadiff", "optimizer/adadiff_trajectories.json"):
            dtype = getattr(torch, run["dtype"])
            weight = torch.nn.Parameter(torch.tensor(run["w0"], dtype=dtype))
            optimizer = AdaDiff([weight], **run["config"])
            for step, gradient in enumerate(run["g"]):
                weight.grad = torch.tensor(gradient, dtype=dtype)
                optimizer.step()
                self.close(run["w"][step], weight.detach(), f"{run['name']}, step {step + 1}",
                           1e-12 if dtype == torch.float64 else 1e-5)

    def test_image_networks_compute_the_reference_values(self):
        for name in ("resnet34", "densenet121"):
            expected = reference("experiments", "model/model_fixtures.json")[name][0]
            network = networks.build(name).double()
            shapes = [list(weight.shape) for weight in network.parameters()]
            self.assertEqual([shape for _, shape in expected["parameter_order"]], shapes)
            self.assertEqual(expected["parameters"], sum(weight.numel() for weight in network.parameters()))
            set_weights(network, image_weight)
            images = (3.4 * uniform(1000, 4 * 3 * 32 * 32) - 1.7).view(4, 3, 32, 32)
            with torch.no_grad():
                self.close(expected["eval_logits"], network.eval()(images)[:, :5], f"{name}, inference")
            logits = network.train()(images)
            loss = F.cross_entropy(logits, torch.arange(4))
            loss.backward()
            self.close(expected["train_logits"], logits[:, :5].detach(), f"{name}, training")
            self.close(expected["train_loss"], loss.item(), f"{name}, loss")
            self.close(expected["gradient_l2_norm"], gradient_norm(network), f"{name}, gradient")

    def test_language_networks_compute_the_reference_values(self):
        for expected in reference("experiments", "model/model_fixtures.json")["lstm"]:
            network = networks.AwdLstm(expected["vocab"], expected["layers"], expected["emsize"], expected["nhid"],
                                       0, 0, 0, 0, 0).double()
            self.assertEqual([shape for _, shape in expected["parameter_order"]],
                             [list(weight.shape) for weight in network.parameters()])
            set_weights(network, lambda _, weight, u: 0.6 * u - 0.3 if weight.dim() > 1 else 0.2 * u - 0.1)
            t, b = torch.arange(expected["T"] + 1)[:, None], torch.arange(expected["B"])
            tokens = (5 * t + 11 * b + t * t) % expected["vocab"]
            state = [(h.double(), c.double()) for h, c in network.zero_state(expected["B"])]
            logits, _, raw, dropped = network.train()(tokens[:-1], state)
            loss = network.loss(logits, raw, dropped, tokens[1:])
            loss.backward()
            self.close(expected["total_loss"], loss.item(), "loss")
            self.close(expected["gradient_l2_norm"], gradient_norm(network), "gradient")

    def test_the_full_language_networks_have_the_reference_sizes(self):
        for layers, count in reference("experiments", "model/model_fixtures.json")["full_lstm_parameters"].items():
            self.assertEqual(count, sum(weight.numel() for weight in networks.build("lstm" + layers).parameters()))

    def test_every_dropout_is_at_work_in_training_alone(self):
        tokens = torch.zeros(6, 4, dtype=torch.long)
        plain = dict.fromkeys(("output_dropout", "layer_dropout", "input_dropout", "embedding_dropout", "weight_dropout"), 0)
        for dropout in plain:
            network = networks.AwdLstm(20, 2, 8, 12, **{**plain, dropout: 0.5})
            state = network.zero_state(4)
            seen = {tuple(network.train()(tokens, state)[3].flatten().tolist()) for _ in range(8)}
            self.assertGreater(len(seen), 1, dropout)
            seen = {tuple(network.eval()(tokens, state)[3].flatten().tolist()) for _ in range(8)}
            self.assertEqual(1, len(seen), dropout)


if __name__ == "__main__":
    unittest.main()
