#!/usr/bin/python3
"""Fits the rows that `ProbML.Benchmarks glm-sparse` wrote with scikit-learn: ridge of weight 1, the intercept free.

usage: peer_glm_sparse.py FOLDER DENSE LEVELS[,LEVELS...]   (Debian: apt-get install python3-sklearn libopenblas0-pthread)
"""
import sys, time, warnings
import numpy as np, scipy.sparse as sp, scipy.special as special, sklearn
from sklearn.linear_model import LogisticRegression, PoissonRegressor
warnings.filterwarnings("ignore")
folder, dense, levels = sys.argv[1], int(sys.argv[2]), [int(k) for k in sys.argv[3].split(",")]
level = np.fromfile(folder + "/level.i32", np.int32).reshape(-1, len(levels))
n = len(level)
x = np.fromfile(folder + "/x.f32", np.float32).reshape(n, dense).astype(float)
binary, counts = (np.fromfile(f"{folder}/{name}.f32", np.float32).astype(float) for name in ("binary", "counts"))
blocks = [sp.csr_matrix((np.ones(n), level[:, c], np.arange(n + 1)), (n, k)) for c, k in enumerate(levels)]
features = sp.hstack(blocks + [sp.csr_matrix(x)], format="csr")
print(f"scikit-learn {sklearn.__version__}, {n} rows x {features.shape[1]}, {features.nnz} non-zeros")

def logistic(w, b):
    eta = features @ w + b
    return np.sum(np.logaddexp(0, eta) - binary * eta) + 0.5 * w @ w

def poisson(w, b):
    eta = features @ w + b
    return np.sum(np.exp(eta) - counts * eta + special.xlogy(counts, counts) - counts) + 0.5 * w @ w

def timed(name, model, y, objective):
    start, busy = time.perf_counter(), time.process_time()
    model.fit(features, y)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    w, b = np.ravel(model.coef_), float(np.ravel(model.intercept_)[0])
    print(f"{name:45} {seconds:8.3f} s ({busy:.3f} s of processor time, {seconds / features.nnz * 1e9:.1f} ns a non-zero), {np.ravel(model.n_iter_)[0]} iterations, "
          f"objective {objective(w, b):.6f}", flush=True)

for tol in (1e-4, 1e-6):
    timed(f"LogisticRegression(lbfgs, tol={tol:.0e})", LogisticRegression(tol=tol, max_iter=3000), binary, logistic)
timed("LogisticRegression(newton-cg, tol=1e-6)", LogisticRegression(solver="newton-cg", tol=1e-6, max_iter=3000), binary, logistic)
for tol in (1e-4, 1e-7):
    timed(f"PoissonRegressor(lbfgs, tol={tol:.0e})", PoissonRegressor(alpha=1 / n, tol=tol, max_iter=3000), counts, poisson)
