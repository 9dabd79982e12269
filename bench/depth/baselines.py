"""Completion baselines of OpenCV and scipy, for bench/depth/python.ts.

python3 bench/depth/baselines.py FOLDER

One request a line on stdin, {"method": NAME, "width": W, "height": H}; its arrays lie in FOLDER as raw files: depth.bin
(float32, 0 where unknown), known.bin and wanted.bin (uint8). Answers with one line of JSON, {"seconds": S} or
{"error": TEXT}, and writes answer.bin (float32 depth of every pixel). Seconds are of the method alone, on one thread.

All work on inverse depth, in which planes are affine. Methods:
- ns, telea: cv2.inpaint, radius 5, of every unknown pixel. cv2 (4 and 5) takes 8 or 16 bit or float of one channel. 16 bit
  over the known range is what is given here: 8 bit is too coarse, and float Telea overshoots its range without bound (cv2 5.0.0).
- linear: scipy.interpolate.griddata between the known pixels that touch unknown ones (others' triangles hold no unknown
  pixel), nearest outside their hull.
- laplace: the harmonic equation over wanted pixels, by a sparse direct solve (SuperLU).
Needs numpy, scipy and cv2.
"""
import json, os, sys, time

# Before numpy starts its threads.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
import cv2
import numpy as np
import scipy.sparse as sp
from scipy.interpolate import griddata
from scipy.sparse.linalg import splu
from scipy.spatial import cKDTree

RADIUS_PX = 5


def inpaint(inverse, known, wanted, flag):
    low, high = inverse[known].min(), inverse[known].max()
    span = max(high - low, 1e-12)
    image = np.where(known, np.rint((inverse - low) / span * 65535), 0).astype(np.uint16)
    filled = cv2.inpaint(image, (~known).astype(np.uint8), RADIUS_PX, flag)
    return filled.astype(np.float64) / 65535 * span + low


def linear(inverse, known, wanted):
    free = wanted & ~known
    rim = known & (cv2.dilate((~known).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
    points, values = np.argwhere(rim), inverse[rim]
    at = np.argwhere(free)
    found = griddata(points, values, at) if len(points) > 3 else np.full(len(at), np.nan)
    outside = ~np.isfinite(found)
    if outside.any():
        found[outside] = values[cKDTree(points).query(at[outside])[1]]
    out = inverse.copy()
    out[free] = found
    return out


def laplace(inverse, known, wanted):
    takes, free = known | wanted, (wanted & ~known).ravel()
    index = np.arange(inverse.size).reshape(inverse.shape)
    i = np.concatenate([index[:, :-1].ravel(), index[:-1].ravel()])
    j = np.concatenate([index[:, 1:].ravel(), index[1:].ravel()])
    takes = takes.ravel()
    keep = takes[i] & takes[j] & (free[i] | free[j])
    i, j = i[keep], j[keep]
    n = inverse.size
    edges = sp.csr_matrix(
        (np.repeat([1.0, -1.0], len(i)), (np.tile(np.arange(len(i)), 2), np.concatenate([i, j]))), (len(i), n)
    )
    inside = edges[:, free]
    fixed = np.where(free, 0, inverse.ravel())
    # The tiny pull to the mean gives pieces that touch nothing known an answer.
    pull, mean = 1e-9, inverse[known].mean()
    matrix = (inside.T @ inside + pull * sp.identity(inside.shape[1])).tocsc()
    right = -inside.T @ (edges @ fixed) + pull * mean
    solver = splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    out = inverse.ravel().copy()
    out[free] = solver.solve(right)
    return out.reshape(inverse.shape)


METHODS = {
    "ns": lambda *a: inpaint(*a, cv2.INPAINT_NS),
    "telea": lambda *a: inpaint(*a, cv2.INPAINT_TELEA),
    "linear": linear,
    "laplace": laplace,
}


def answer(folder, request):
    shape = request["height"], request["width"]
    read = lambda name, kind: np.fromfile(os.path.join(folder, name + ".bin"), kind).reshape(shape)
    depth, known, wanted = read("depth", np.float32), read("known", np.uint8) > 0, read("wanted", np.uint8) > 0
    begun = time.perf_counter()
    inverse = np.zeros(shape)
    inverse[known] = 1 / depth[known].astype(np.float64)
    found = METHODS[request["method"]](inverse, known, wanted)
    # Known depths as they were given; what a method leaves at the ends of the range is still a depth.
    out = np.where(known, depth, 1 / np.maximum(found, 1e-6)).astype(np.float32)
    seconds = time.perf_counter() - begun
    out.tofile(os.path.join(folder, "answer.bin"))
    return {"seconds": seconds}


if __name__ == "__main__":
    cv2.setNumThreads(1)
    for line in sys.stdin:
        try:
            reply = answer(sys.argv[1], json.loads(line))
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)
