#!/usr/bin/python3
"""Fits the rows that `ProbML.Benchmarks glm` wrote with statsmodels and scikit-learn, and writes statsmodels' coefficients.

usage: peer_glm.py FOLDER FEATURES   (Debian: apt-get install python3-statsmodels python3-sklearn libopenblas0-pthread)
"""
import sys, time, warnings
import numpy as np, scipy, sklearn, statsmodels, statsmodels.api as sm
from sklearn.linear_model import LogisticRegression, PoissonRegressor
warnings.filterwarnings("ignore")
folder, d = sys.argv[1], int(sys.argv[2])
x = np.fromfile(folder + "/x.f32", np.float32).reshape(-1, d)
binary, counts = (np.fromfile(f"{folder}/{name}.f32", np.float32).astype(float) for name in ("binary", "counts"))
x64 = x.astype(float)
np.show_config() if "--config" in sys.argv else None
print(f"numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__}, statsmodels {statsmodels.__version__}, {len(x)} rows x {d}")

def timed(name, fit):
    start = time.perf_counter()
    result = fit()
    print(f"{name:55} {time.perf_counter() - start:8.3f} s", flush=True)
    return result

t = time.perf_counter(); a = np.random.rand(2000, 2000); a @ a
print(f"(BLAS: 2000 x 2000 product in {time.perf_counter() - t:.2f} s)")
timed("scikit-learn LogisticRegression(lbfgs, tol=1e-4)", lambda: LogisticRegression(penalty="none", tol=1e-4, max_iter=1000).fit(x64, binary))
timed("scikit-learn LogisticRegression(newton-cholesky)", lambda: LogisticRegression(penalty="none", solver="newton-cholesky", tol=1e-8).fit(x64, binary))
timed("scikit-learn PoissonRegressor(lbfgs, tol=1e-4)", lambda: PoissonRegressor(alpha=0, tol=1e-4, max_iter=1000).fit(x64, counts))
timed("scikit-learn PoissonRegressor(newton-cholesky)", lambda: PoissonRegressor(alpha=0, solver="newton-cholesky", tol=1e-8).fit(x64, counts))
design = sm.add_constant(x64)
fits = {}
fits["logistic"] = timed("statsmodels GLM Binomial (IRLS)", lambda: sm.GLM(binary, design, family=sm.families.Binomial()).fit(tol=1e-10))
fits["poisson"] = timed("statsmodels GLM Poisson (IRLS)", lambda: sm.GLM(counts, design, family=sm.families.Poisson()).fit(tol=1e-10))
with open(folder + "/coefficients.csv", "w") as f:
    for name, r in fits.items():
        for j, (b, s) in enumerate(zip(r.params, r.bse)):
            f.write(f"{name},{j},{float(b)!r},{float(s)!r}\n")
