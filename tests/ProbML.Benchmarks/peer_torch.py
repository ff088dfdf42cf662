#!/usr/bin/python3
"""The steps of `ProbML.Benchmarks torch` in PyTorch.

usage: peer_torch.py [STEPS]   (Debian: apt-get install python3-torch)
"""
import os, sys, time
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
import torch
from torch import nn
import torch.nn.functional as F
steps = int(sys.argv[1]) if len(sys.argv) > 1 else 500
B, rows = 128, 12_800
torch.manual_seed(1)
x = (torch.rand(rows, 784) >= 0.7).float()
print(f"PyTorch {torch.__version__}, load {open('/proc/loadavg').read().strip()}, {steps} steps of {B} rows")

class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.posterior = nn.Linear(784, 400), nn.Linear(400, 40)
        self.decoder, self.output = nn.Linear(20, 400), nn.Linear(400, 784)
    def loss(self, batch):
        mean, logvar = self.posterior(self.encoder(batch).relu()).chunk(2, 1)
        z = mean + (logvar / 2).exp() * torch.randn_like(mean)
        logits = self.output(self.decoder(z).relu())
        rec = F.binary_cross_entropy_with_logits(logits, batch, reduction="sum") / len(batch)
        kl = (mean.square() + logvar.exp() - 1 - logvar).sum() / (2 * len(batch))
        return rec + kl

def train(steps):
    net = Vae()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    done = 0
    while done < steps:
        perm = torch.randperm(rows)
        for i in range(0, rows, B):
            loss = net.loss(x.index_select(0, perm[i:i + B]))
            opt.zero_grad()
            loss.backward()
            opt.step()
            value = loss.item()
            done += 1
    return value, done

for threads in (1, 2):
    torch.set_num_threads(threads)
    train(100)
    wall, cpu = time.perf_counter(), time.process_time()
    value, done = train(steps)
    wall, cpu = (time.perf_counter() - wall) / done, (time.process_time() - cpu) / done
    print(f"PyTorch, {threads} thread(s): {1e3 * wall:.2f} ms a step ({1e3 * cpu:.2f} ms of processor time), "
          f"{B / wall:.0f} rows/s, 60,000 rows in {wall * 60_000 / B:.1f} s, last loss {value:.2f}", flush=True)
