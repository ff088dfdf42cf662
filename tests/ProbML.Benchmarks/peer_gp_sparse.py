"""Titsias' bound and a whitened SVGP step with all their derivatives in PyTorch, double precision: what `gp-sparse step` of
ProbML.Benchmarks is measured against.

usage: peer_gp_sparse.py <folder> rows features inducing batch repetitions threads
"""
import math
import sys
import time

import numpy
import torch

folder = sys.argv[1]
n, d, m, batch, repetitions, threads = map(int, sys.argv[2:8])
torch.set_num_threads(threads)
torch.set_default_dtype(torch.float64)
x = torch.tensor(numpy.fromfile(f"{folder}/x.f64").reshape(n, d))
y = torch.tensor(numpy.fromfile(f"{folder}/y.f64"))
free = torch.tensor([math.log(10.0)] + [math.log(0.7)] * d + [math.log(1.5)], requires_grad=True)
z = x[:m].clone().requires_grad_(True)
eye = torch.eye(m)


def kernel(a, b):
    a, b = a / free[1:1 + d].exp(), b / free[1:1 + d].exp()
    square = (a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * a @ b.T
    return free[0].exp() * torch.exp(-0.5 * square.clamp(min=0))


def factor():
    return torch.linalg.cholesky(kernel(z, z) + 1e-6 * free[0].exp() * eye)


def collapsed():
    noise, variance = free[-1].exp(), free[0].exp()
    v = torch.linalg.solve_triangular(factor(), kernel(z, x), upper=False)
    b = torch.linalg.cholesky(eye + v @ v.T / noise)
    c = torch.linalg.solve_triangular(b, (v @ y)[:, None], upper=False)[:, 0] / noise
    return (-0.5 * (n * math.log(2 * math.pi) + n * free[-1] + (y * y).sum() / noise - (c * c).sum())
            - torch.log(torch.diagonal(b)).sum() - 0.5 * (n * variance - (v * v).sum()) / noise)


def stochastic():
    noise, variance, scale, rho = free[-1].exp(), free[0].exp(), n / batch, 0.1
    v = torch.linalg.solve_triangular(factor(), kernel(z, x[:batch]), upper=False)
    with torch.no_grad():                                     # the natural-gradient step, from the prior
        precision = (1 - rho) * eye + rho * (eye + scale / noise * v @ v.T)
        root = torch.linalg.cholesky(precision)
        mean = torch.cholesky_solve((rho * scale / noise * v @ y[:batch])[:, None], root)[:, 0]
        covariance = torch.cholesky_inverse(root)
    f = v.T @ mean
    spread = variance - (v * v).sum(0) + (v * (covariance @ v)).sum(0)
    fit = -0.5 * (math.log(2 * math.pi) + free[-1]) - ((y[:batch] - f) ** 2 + spread) / (2 * noise)
    kl = 0.5 * (torch.trace(covariance) + mean @ mean - m + 2 * torch.log(torch.diagonal(root)).sum())
    return scale * fit.sum() - kl


def seconds(bound):
    times = []
    for repetition in range(repetitions + 2):
        free.grad = z.grad = None
        start = time.perf_counter()
        value = bound()
        value.backward()
        times.append(time.perf_counter() - start)
    return sorted(times[2:])[repetitions // 2], value.item()


a, b = seconds(collapsed), seconds(stochastic)
print(f"PyTorch  SGPR bound and derivatives {a[0]:.4f} s ({a[1]:.6f}); SVGP natural step and derivatives {b[0]:.4f} s ({b[1]:.6f})")
