"""The completion's energy with a sparse direct solver, for bench/integrate.ts: the same re-weightings by scipy's spsolve.

python3 bench/depth/spsolve.py FOLDER   (FOLDER as bench/integrate.ts writes it: problem.json and raw float64 arrays)
Prints one line of JSON: seconds of the solves alone, unknowns, and writes answer.bin (u of every crop pixel).
Needs numpy and scipy.
"""
import json, os, sys, time
import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import spsolve

folder = sys.argv[1]
p = json.load(open(os.path.join(folder, "problem.json")))
w, h, eps, alpha, rounds = p["width"], p["height"], p["epsilon"], p["alpha"], p["reweightings"]
n = w * h
read = lambda name, kind: np.fromfile(os.path.join(folder, name + ".bin"), kind)
role, u = read("role", np.uint8), read("u", np.float64)
gx, gy, lean, doubt = (read(k, np.float32) for k in ("guideX", "guideY", "lean", "doubt"))
# As core/cpu/complete-depth/operator.ts has it: a bend's norm turns robust at half a step's.
bend_eps = eps / 2
index = np.arange(n).reshape(h, w)
edges = [
    (index[:, :-1].ravel(), index[:, 1:].ravel(), gx, 1),
    (index[:-1].ravel(), index[1:].ravel(), gy, 2),
]
x = np.zeros((n, 3))
x[:, 0] = u
# Free: u of the hole, and both slopes of every pixel that takes part.
free = np.zeros((n, 3), bool)
free[:, 0] = role == 2
free[:, 1:] = (role != 0)[:, None]
free = free.ravel()
number = np.cumsum(free) - 1
seconds = 0.0
for round_ in range(rounds + 1):
    robust = lambda v2, e: eps / np.sqrt((0 if round_ == 0 else v2) + e * e)
    bend = lambda v2: np.ones_like(v2) if round_ == 0 else robust(v2, bend_eps)
    rows, cols, vals, weights, count = [], [], [], [], 0
    def term(columns, coefficients, weight):
        global count
        m = len(weight)
        r = np.arange(m) + count
        for c, k in zip(columns, coefficients):
            rows.append(r); cols.append(c); vals.append(np.full(m, k))
        weights.append(weight); count += m
    for i, j, g, axis in edges:
        keep = g[i] > 0
        i, j, gw = i[keep], j[keep], g[i[keep]].astype(float)
        r = x[j, 0] - x[i, 0] - 0.5 * (x[i, axis] + x[j, axis])
        b2 = (x[j, 1] - x[i, 1]) ** 2 + (x[j, 2] - x[i, 2]) ** 2
        term([3 * j, 3 * i, 3 * i + axis, 3 * j + axis], [1, -1, -0.5, -0.5], gw * robust(r * r, np.maximum(doubt[i], doubt[j])))
        for k in (1, 2):
            term([3 * j + k, 3 * i + k], [1, -1], alpha * gw * bend(b2))
    part = np.flatnonzero(role != 0)
    pull = 1e-10 + lean[part] * robust(x[part, 1] ** 2 + x[part, 2] ** 2, doubt[part])
    for k in (1, 2):
        term([3 * part + k], [1], pull)
    D = sp.csr_matrix((np.concatenate(vals), (np.concatenate(rows), np.concatenate(cols))), (count, 3 * n))
    W = sp.diags(np.concatenate(weights))
    fixed = np.where(free, 0, x.ravel())
    F = D[:, free]
    A = (F.T @ W @ F).tocsc()
    b = -F.T @ (W @ (D @ fixed))
    begun = time.perf_counter()
    answer = spsolve(A, b)
    seconds += time.perf_counter() - begun
    flat = x.ravel().copy()
    flat[free] = answer
    x = flat.reshape(n, 3)
x[:, 0].astype(np.float64).tofile(os.path.join(folder, "answer.bin"))
print(json.dumps({"seconds": seconds, "unknowns": int(free.sum())}))
