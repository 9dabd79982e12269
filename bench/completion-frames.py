"""Prepares an RGB-D folder for `npm run bench -- completion` (Node has no JPEG decoder here).

python3 bench/completion-frames.py ../shared/data/rgbd-kitchen /tmp/rgbd-320 [--half]
Reads frames.json (width, height, cameraToWorld by frame id), ID.color.jpg and ID.depth.png (uint16 mm, 0 = unknown);
writes the same form with ID.color.png. --half: half the size, colour averaged over 2×2, depth every second pixel
(averaging depth would invent values at its edges). Needs numpy and Pillow.
"""
import json, os, sys
import numpy as np
from PIL import Image

source, target = sys.argv[1], sys.argv[2]
half = "--half" in sys.argv
os.makedirs(target, exist_ok=True)
frames = json.load(open(os.path.join(source, "frames.json")))
for frame in frames["cameraToWorld"]:
    colour = np.asarray(Image.open(os.path.join(source, frame + ".color.jpg")).convert("RGB"))
    depth = np.asarray(Image.open(os.path.join(source, frame + ".depth.png"))).astype(np.uint16)
    if half:
        h, w = depth.shape
        colour = colour.reshape(h // 2, 2, w // 2, 2, 3).mean((1, 3)).round().astype(np.uint8)
        depth = depth[::2, ::2]
    Image.fromarray(colour).save(os.path.join(target, frame + ".color.png"))
    Image.fromarray(depth).save(os.path.join(target, frame + ".depth.png"))
if half:
    for key in ("width", "height"):
        frames[key] //= 2
    for key in ("fx", "fy", "cx", "cy"):
        frames[key] /= 2
json.dump(frames, open(os.path.join(target, "frames.json"), "w"))
