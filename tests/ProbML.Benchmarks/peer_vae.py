"""The 784-400-400-20 autoencoder on binarised MNIST with PyTorch: what `vae` of ProbML.Benchmarks is measured against.

usage: peer_vae.py <MNIST folder> [epochs] [threads]
"""
import gzip
import sys
import time

import numpy
import torch

folder = sys.argv[1]
epochs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
threads = int(sys.argv[3]) if len(sys.argv) > 3 else 1
torch.set_num_threads(threads)
torch.manual_seed(1)
images = numpy.frombuffer(gzip.open(f"{folder}/train-images-idx3-ubyte.gz").read(), numpy.uint8, offset=16)
data = torch.tensor(images.reshape(-1, 784) / 255.0, dtype=torch.float32)
bits = numpy.unpackbits(numpy.frombuffer(gzip.open(f"{folder}/t10k-bernoulli-bits.gz").read(), numpy.uint8))
test = torch.tensor(bits.reshape(-1, 784), dtype=torch.float32)


def layers(*widths):
    parts = []
    for inputs, outputs in zip(widths, widths[1:]):
        parts += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*parts[:-1])


encoder, decoder = layers(784, 400, 400, 40), layers(20, 400, 400, 784)
optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3)


def terms(x):
    mean, log_variance = encoder(x).chunk(2, 1)
    z = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
    reconstruction = -torch.nn.functional.binary_cross_entropy_with_logits(decoder(z), x, reduction="none").sum(1)
    return reconstruction, 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(1)


seconds = []
for epoch in range(epochs):
    start = time.perf_counter()
    order = torch.randperm(len(data))
    for i in range(0, len(data), 128):
        x = torch.bernoulli(data[order[i : i + 128]])
        reconstruction, divergence = terms(x)
        optimizer.zero_grad()
        (divergence - reconstruction).mean().backward()
        optimizer.step()
    seconds.append(time.perf_counter() - start)
    with torch.no_grad():
        reconstruction, divergence = terms(test)
    print(f"epoch {epoch + 1}: test ELBO {(reconstruction - divergence).mean():.2f}, {seconds[-1]:.2f} s", flush=True)
print(f"PyTorch {torch.__version__}: median {sorted(seconds)[len(seconds) // 2]:.2f} s an epoch on {threads} thread(s)")
