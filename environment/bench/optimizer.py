"""AdaDiff as its authors published it: in place, one tensor after the other."""
import math

import torch


class AdaDiff(torch.optim.Optimizer):
    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, amsgrad=False):
        super().__init__(parameters, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._update(weight, group)

    def _update(self, weight, group):
        beta1, beta2 = group["betas"]
        state = self.state[weight]
        if not state:
            state["step"] = 0
            for name in ("m", "v", "previous") + (("largest_v",) if group["amsgrad"] else ()):
                state[name] = torch.zeros_like(weight)
        state["step"] += 1
        m, v, previous = state["m"], state["v"], state["previous"]
        gradient = weight.grad
        if group["weight_decay"]:
            gradient = gradient.add(weight, alpha=group["weight_decay"])
        # m = b1 m + (1 - b1) g
        m.mul_(beta1).add_(gradient, alpha=1 - beta1)
        # v = b2 v + (1 - b2) g^2 + (1 - b2) (g - g')^2 + eps
        difference = previous.neg_().add_(gradient)
        v.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2).addcmul_(difference, difference, value=1 - beta2)
        if group["amsgrad"]:  # epsilon then stays in the largest v, not in v
            v = torch.maximum(state["largest_v"], v, out=state["largest_v"])
        v.add_(group["eps"])
        # w = w - lr sqrt(1 - b2^t) / (1 - b1^t) m / sqrt(v)
        rate = group["lr"] * math.sqrt(1 - beta2 ** state["step"]) / (1 - beta1 ** state["step"])
        weight.addcdiv_(m, v.sqrt(), value=-rate)
        previous.copy_(gradient)
