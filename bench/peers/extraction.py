"""Every sector of a dense table extracted, by numpy: extraction.py [SECTORS [SAMPLE]]

The usual way solves the system again for each sector without its row and column; SAMPLE (10) of
them are timed and scaled to all. Prints "inverse S" and "naive S".
"""
import sys
import time

import numpy as np

n = int(sys.argv[1]) if len(sys.argv) > 1 else 1435
sample = int(sys.argv[2]) if len(sys.argv) > 2 else 10
draw = np.random.default_rng(7)
a = draw.random((n, n))
a *= (0.25 + 0.5 * draw.random(n)) / a.sum(0)
f = draw.random(n)

begin = time.perf_counter()
inverse = np.linalg.inv(np.eye(n) - a)
print(f"inverse {time.perf_counter() - begin:.3f}")
x = inverse @ f
begin = time.perf_counter()
for k in range(sample):
    without, demand = a.copy(), f.copy()
    without[k, :] = without[:, k] = 0
    demand[k] = 0
    loss = x.sum() - np.linalg.solve(np.eye(n) - without, demand).sum()
    assert abs(loss - x[k] * inverse[:, k].sum() / inverse[k, k]) < 1e-6 * x.sum()
print(f"naive {(time.perf_counter() - begin) * n / sample:.3f}")
