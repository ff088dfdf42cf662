"""scikit-learn's Laplace evidence with gradient: python3 peer_gp_class.py n d runs. Prints seconds (best) and the value."""
import sys
import time

import numpy as np
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import RBF, ConstantKernel

n, d, runs = (int(a) for a in sys.argv[1:4])
k = np.arange(1, n * d + 1, dtype=np.float64)
x = np.modf(np.abs(np.sin(k * 12.9898) * 43758.5453))[0].reshape(n, d) * 2 - 1
y = (np.sin(3 * x[:, 0]) + x[:, 1] ** 2 - 0.5 * x[:, 2] + 0.3 * np.sin(1000 * x[:, 3]) > 0.2).astype(int)
gp = GaussianProcessClassifier(ConstantKernel(1.5) * RBF(np.linspace(0.8, 1.6, d)), optimizer=None).fit(x, y)
times = []
for _ in range(runs):
    start = time.perf_counter()
    value, _ = gp.log_marginal_likelihood(gp.kernel_.theta, eval_gradient=True)
    times.append(time.perf_counter() - start)
print(f"{min(times):.4f} {value:.10f}")
