"""The paper's networks at full size, as the Java side builds them."""
import torch
import torch.nn.functional as F
from torch import nn

WORDS = 10_000
BPTT = 70
NETWORKS = ("resnet34", "densenet121", "lstm2", "lstm3")


def build(name):
    if name == "resnet34":
        return resnet34(10)
    if name == "densenet121":
        return densenet121(10)
    return AwdLstm(WORDS, layers=int(name[-1]))


def convolution(channels_in, channels_out, kernel, stride=1):
    return nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, bias=False)


class BasicBlock(nn.Module):
    def __init__(self, channels_in, channels_out, stride):
        super().__init__()
        self.conv1 = convolution(channels_in, channels_out, 3, stride)
        self.bn1 = nn.BatchNorm2d(channels_out)
        self.conv2 = convolution(channels_out, channels_out, 3)
        self.bn2 = nn.BatchNorm2d(channels_out)
        self.shortcut = nn.Sequential()
        if stride != 1 or channels_in != channels_out:
            self.shortcut = nn.Sequential(convolution(channels_in, channels_out, 1, stride), nn.BatchNorm2d(channels_out))

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu_(self.bn1(self.conv1(x)))))
        return F.relu_(out + self.shortcut(x))


def resnet34(classes):
    layers = [convolution(3, 64, 3), nn.BatchNorm2d(64), nn.ReLU(True)]
    channels = 64
    for stage, blocks in enumerate((3, 4, 6, 3)):
        for block in range(blocks):
            layers.append(BasicBlock(channels, 64 << stage, 2 if stage and not block else 1))
            channels = 64 << stage
    return nn.Sequential(*layers, nn.AvgPool2d(4), nn.Flatten(), nn.Linear(channels, classes))


class Bottleneck(nn.Module):
    def __init__(self, channels_in, growth):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(channels_in)
        self.conv1 = convolution(channels_in, 4 * growth, 1)
        self.bn2 = nn.BatchNorm2d(4 * growth)
        self.conv2 = convolution(4 * growth, growth, 3)

    def forward(self, x):
        out = self.conv2(F.relu_(self.bn2(self.conv1(F.relu_(self.bn1(x))))))
        return torch.cat((out, x), 1)


def densenet121(classes, growth=32):
    channels = 2 * growth
    layers = [convolution(3, channels, 3)]
    for stage, blocks in enumerate((6, 12, 24, 16)):
        for _ in range(blocks):
            layers.append(Bottleneck(channels, growth))
            channels += growth
        if stage < 3:
            layers += [nn.BatchNorm2d(channels), nn.ReLU(True), convolution(channels, channels // 2, 1), nn.AvgPool2d(2)]
            channels //= 2
    return nn.Sequential(*layers, nn.BatchNorm2d(channels), nn.ReLU(True), nn.AvgPool2d(4), nn.Flatten(),
                         nn.Linear(channels, classes))


class AwdLstm(nn.Module):
    """Embedding, LSTM layers and a softmax whose weight is the embedding; each dropout mask holds for the whole sequence."""

    def __init__(self, words, layers, embedding=400, hidden=1150, output_dropout=0.4, layer_dropout=0.25, input_dropout=0.4,
                 embedding_dropout=0.1, weight_dropout=0.5):
        super().__init__()
        self.sizes = [hidden] * (layers - 1) + [embedding]
        self.dropouts = [layer_dropout] * (layers - 1) + [output_dropout]
        self.input_dropout, self.embedding_dropout, self.weight_dropout = input_dropout, embedding_dropout, weight_dropout
        self.bias = nn.Parameter(torch.zeros(words))
        self.embedding = nn.Parameter(torch.empty(words, embedding).uniform_(-0.1, 0.1))
        self.layers = nn.ModuleList(nn.LSTM(size_in, size) for size_in, size in zip([embedding] + self.sizes, self.sizes))

    def zero_state(self, batch):
        return [(self.bias.new_zeros(1, batch, size), self.bias.new_zeros(1, batch, size)) for size in self.sizes]

    def forward(self, tokens, state):
        """Tokens (T, B) to logits (T * B, V), the new state, and the last layer's output before and after dropout."""
        x = F.embedding(tokens, self.embedding)
        if self.training and self.embedding_dropout:
            # On the rows that were looked up: a mask on the whole embedding would cost a pass over it
            x = x * F.embedding(tokens, F.dropout(self.bias.new_ones(len(self.embedding), 1), self.embedding_dropout))
        x = self._dropped(x, self.input_dropout)
        new_state = []
        for layer, (lstm, dropout) in enumerate(zip(self.layers, self.dropouts)):
            weights = [F.dropout(weight, self.weight_dropout, self.training) if name.startswith("weight_hh") else weight
                       for name, weight in lstm.named_parameters()]
            # What nn.LSTM itself calls, with other weights: bias, layers, dropout, training, bidirectional, batch first
            raw, h, c = torch._VF.lstm(x, state[layer], weights, True, 1, 0.0, self.training, False, False)
            new_state.append((h.detach(), c.detach()))
            x = self._dropped(raw, dropout)
        logits = F.linear(x.view(-1, x.size(2)), self.embedding, self.bias)
        return logits, new_state, raw, x

    def _dropped(self, x, rate):
        if not self.training or not rate:
            return x
        return x * F.dropout(x.new_ones(1, *x.shape[1:]), rate)

    @staticmethod
    def loss(logits, raw, dropped, targets):
        return (F.cross_entropy(logits, targets.reshape(-1)) + 2 * dropped.square().mean()
                + (raw[1:] - raw[:-1]).square().mean())
