"""scikit-learn's log marginal likelihood with gradient: python3 peer_gp.py n d runs. Prints seconds (best, median), the value and the peak in MB."""
import resource
import sys
import time

import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

n, d, runs = (int(a) for a in sys.argv[1:4])
k = np.arange(1, n * d + 1, dtype=np.float64)
x = np.modf(np.abs(np.sin(k * 12.9898) * 43758.5453))[0].reshape(n, d) * 2 - 1
y = np.sin(3 * x[:, 0]) + x[:, 1] ** 2 - 0.5 * x[:, 2] + 0.1 * np.sin(1000 * x[:, 3])
kernel = ConstantKernel(1.5) * RBF(np.linspace(0.8, 1.6, d)) + WhiteKernel(0.02)
gp = GaussianProcessRegressor(kernel, alpha=0.0, optimizer=None).fit(x, y)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
times = []
for _ in range(runs):
    start = time.perf_counter()
    value, gradient = gp.log_marginal_likelihood(gp.kernel_.theta, eval_gradient=True)
    times.append(time.perf_counter() - start)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"{min(times):.4f} {sorted(times)[len(times) // 2]:.4f} {value:.10f} {np.abs(gradient).sum():.10f} {peak / 1e3:.0f}")
