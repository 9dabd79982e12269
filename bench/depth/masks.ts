/** Circles, rectangles and brush strokes, one kind a mask, until about `share` of the pixels is covered; 1 = hidden. */
export function randomMask(
  width: number,
  height: number,
  share: number,
  random: () => number,
): Uint8Array {
  const mask = new Uint8Array(width * height);
  const goal = share * width * height;
  const size = Math.min(width, height);
  let covered = 0;
  const disc = (cx: number, cy: number, radius: number): void => {
    for (let y = Math.floor(cy - radius); y <= cy + radius; y++) {
      for (let x = Math.floor(cx - radius); x <= cx + radius; x++) {
        if (x < 0 || y < 0 || x >= width || y >= height) continue;
        if ((x - cx) ** 2 + (y - cy) ** 2 > radius * radius) continue;
        const i = y * width + x;
        if (mask[i] === 0) covered++;
        mask[i] = 1;
      }
    }
  };
  const kind = Math.floor(random() * 3);
  while (covered < goal) {
    let x = random() * width;
    let y = random() * height;
    if (kind === 0) disc(x, y, size * (0.06 + 0.12 * random()));
    else if (kind === 1) {
      const w = Math.ceil(size * (0.1 + 0.25 * random()));
      const h = Math.ceil(size * (0.1 + 0.25 * random()));
      const x0 = Math.floor(random() * (width - w));
      const y0 = Math.floor(random() * (height - h));
      for (let py = y0; py < y0 + h; py++) {
        for (let px = x0; px < x0 + w; px++) {
          const i = py * width + px;
          if (mask[i] === 0) covered++;
          mask[i] = 1;
        }
      }
    } else {
      const radius = size * (0.02 + 0.05 * random());
      let heading = random() * 2 * Math.PI;
      for (let step = 0; step < 30 && covered < goal; step++) {
        disc(x, y, radius);
        heading += random() - 0.5;
        x = Math.min(width - 1, Math.max(0, x + radius * Math.cos(heading)));
        y = Math.min(height - 1, Math.max(0, y + radius * Math.sin(heading)));
      }
    }
  }
  return mask;
}
