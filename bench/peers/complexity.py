"""Economic complexity by numpy, the way it is usually written: complexity.py [LOCATIONS PRODUCTS]

A lognormal matrix with 30 % of its cells empty. First ECI and PCI (the full nonsymmetric
eigenproblem of products × products), then proximity, density and outlook gain by matrix products.
Prints two lines of seconds: "eci S" and "all S".
"""
import sys
import time

import numpy as np

locations, products = (int(a) for a in sys.argv[1:3]) if len(sys.argv) > 2 else (3000, 1400)
draw = np.random.default_rng(20250724)
x = np.exp(draw.standard_normal((locations, products)))
x[draw.random(x.shape) < 0.3] = 0

begin = time.perf_counter()
rca = (x / x.sum(1, keepdims=True)) / (x.sum(0) / x.sum())
m = (rca >= 1).astype(float)
diversity, ubiquity = m.sum(1), m.sum(0)
values, vectors = np.linalg.eig((m.T / ubiquity[:, None]) @ (m / diversity[:, None]))
pci = vectors[:, np.argsort(-values.real)[1]].real
eci = (m @ pci) / diversity
eci = (eci - eci.mean()) / eci.std()
print(f"eci {time.perf_counter() - begin:.3f}")
proximity = (m.T @ m) / np.maximum.outer(ubiquity, ubiquity)
np.fill_diagonal(proximity, 1)
density = (m @ proximity) / proximity.sum(0)
outlook = (density * (1 - m) * pci).sum(1)
gain = (1 - m) * ((1 - m) * pci @ (proximity / proximity.sum(0)).T)
print(f"all {time.perf_counter() - begin:.3f}")
assert np.isfinite(outlook).all() and np.isfinite(gain).all()
