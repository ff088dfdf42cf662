"""realnvp8, nsf5 and maf5 with PyTorch: what `flow` of ProbML.Benchmarks is measured against, layer for layer.

usage: peer_flow.py <density folder> <data> realnvp8 | nsf5 | maf5 <epochs> <batch> [threads] [seed]
"""
import gzip
import math
import os
import sys
import time

import numpy
import torch
import torch.nn.functional as F
from torch import nn

folder, name, recipe, epochs, batch = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
torch.set_num_threads(int(sys.argv[6]) if len(sys.argv) > 6 else 1)
torch.manual_seed(int(sys.argv[7]) if len(sys.argv) > 7 else 1)


def read(part):
    path = f"{folder}/{name}/{part}.csv.gz" if os.path.isdir(f"{folder}/{name}") else f"{folder}/{name}.{part}.csv.gz"
    return torch.tensor(numpy.loadtxt(gzip.open(path), delimiter=",", skiprows=1), dtype=torch.float32)


def network(inputs, outputs):
    net = nn.Sequential(nn.Linear(inputs, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, outputs))
    nn.init.zeros_(net[-1].weight)
    nn.init.zeros_(net[-1].bias)
    return net


def spline(x, raw, bins=8, bound=3.0, least=1e-3):
    w, h, s = raw.split([bins, bins, bins - 1], -1)
    w, h = (least + (1 - bins * least) * F.softmax(part, -1) for part in (w, h))
    s = F.pad(least + F.softplus(s + math.log(math.expm1(1 - least))), (1, 1), value=1.0)
    knots_x = F.pad(2 * bound * w[..., :-1].cumsum(-1) - bound, (1, 0), value=-bound)
    knots_y = F.pad(2 * bound * h[..., :-1].cumsum(-1) - bound, (1, 0), value=-bound)
    inside = x.abs() < bound
    clipped = torch.where(inside, x, torch.zeros_like(x))
    k = (clipped.unsqueeze(-1) >= knots_x[..., 1:]).sum(-1, keepdim=True)
    at = lambda values, index=k: values.gather(-1, index).squeeze(-1)
    x0, y0, width, height = at(knots_x), at(knots_y), 2 * bound * at(w), 2 * bound * at(h)
    s0, s1 = at(s), at(s, k + 1)
    slope, t = height / width, (clipped - x0) / width
    mixed = t * (1 - t)
    below = slope + (s0 + s1 - 2 * slope) * mixed
    y = y0 + height * (slope * t**2 + s0 * mixed) / below
    log = (slope**2 * (s1 * t**2 + 2 * slope * mixed + s0 * (1 - t) ** 2)).log() - 2 * below.log()
    return torch.where(inside, y, x), torch.where(inside, log, torch.zeros_like(log))


class Coupling(nn.Module):
    def __init__(self, d, layer, kind):
        super().__init__()
        self.kept = torch.tensor([j for j in range(d) if j % 2 == layer % 2])
        self.moved = torch.tensor([j for j in range(d) if j % 2 != layer % 2])
        self.back = torch.argsort(torch.cat([self.kept, self.moved]))
        self.kind, self.each = kind, 2 if kind == "affine" else 23
        self.net = network(len(self.kept), len(self.moved) * self.each)

    def forward(self, x):
        kept, moved = x[:, self.kept], x[:, self.moved]
        raw = self.net(kept).reshape(len(x), -1, self.each)
        if self.kind == "affine":
            log = 2 * torch.tanh(raw[..., 1] / 2)
            moved = moved * log.exp() + raw[..., 0]
        else:
            moved, log = spline(moved, raw)
        return torch.cat([kept, moved], 1)[:, self.back], log.sum(1)


class Lu(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.lower, self.upper = nn.Parameter(torch.zeros(d, d)), nn.Parameter(torch.zeros(d, d))
        self.log, self.shift = nn.Parameter(torch.zeros(d)), nn.Parameter(torch.zeros(d))

    def forward(self, x):
        one = torch.eye(len(self.log))
        return F.linear(x, (self.lower.tril(-1) + one) @ (self.upper.triu(1) + self.log.exp().diag()), self.shift), self.log.sum()


class Masked(nn.Module):
    def __init__(self, d, turn):
        super().__init__()
        self.turn = turn
        inputs, units = torch.arange(1, d + 1), torch.arange(128) % (d - 1) + 1
        self.masks = [(units[:, None] >= inputs).float(), (units[:, None] >= units).float(),
                      (inputs.repeat_interleave(2)[:, None] > units).float()]
        self.layers = nn.ModuleList([nn.Linear(d, 128), nn.Linear(128, 128), nn.Linear(128, 2 * d)])

    def forward(self, x):
        x = x.flip(1) if self.turn else x
        h = x
        for i, (layer, mask) in enumerate(zip(self.layers, self.masks)):
            h = F.linear(h, layer.weight * mask, layer.bias)
            h = h.relu() if i < 2 else h
        raw = h.reshape(len(x), -1, 2)
        log = -5 * torch.tanh(raw[..., 1] / 5)
        return (x - raw[..., 0]) * log.exp(), log.sum(1)


train, test = read("train"), read("test")
d = train.shape[1]
if recipe == "realnvp8":
    parts = [Coupling(d, layer, "affine") for layer in range(8)]
elif recipe == "nsf5":
    parts = [part for layer in range(5) for part in (Lu(d), Coupling(d, layer, "spline"))]
else:
    parts = [Masked(d, layer > 0) for layer in range(5)]
flow = nn.ModuleList(parts)


def density(x):
    total = torch.zeros(len(x))
    for part in flow:
        x, log = part(x)
        total = total + log
    return total - 0.5 * (x**2 + math.log(2 * math.pi)).sum(1)


optimizer = torch.optim.Adam(flow.parameters(), lr=1e-3)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * math.ceil(len(train) / batch))
seconds, used = [], []
for epoch in range(epochs):
    start, cpu, order = time.perf_counter(), time.process_time(), torch.randperm(len(train))
    for i in range(0, len(train), batch):
        optimizer.zero_grad()
        (-density(train[order[i : i + batch]]).mean()).backward()
        nn.utils.clip_grad_norm_(flow.parameters(), 5)
        optimizer.step()
        schedule.step()
    seconds.append(time.perf_counter() - start)
    used.append(time.process_time() - cpu)
with torch.no_grad():
    scores = torch.cat([density(part) for part in test.split(1024)])
print(f"PyTorch {torch.__version__} {name} {recipe}: {sum(p.numel() for p in flow.parameters())} parameters, {epochs} x {batch}, "
      f"test {scores.mean():.4f} ± {scores.std() / math.sqrt(len(test)):.4f} nats, median {sorted(seconds)[epochs // 2]:.2f} s an "
      f"epoch, {sorted(used)[epochs // 2]:.2f} CPU s")
