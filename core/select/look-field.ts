/** Sums a cell: three of colour, one of height, and how many. */
const SUMS = 5;
/** Looks in a cell and those around it that make a mean. */
const ENOUGH = 3;

/** What the cells of a square raster hold on average, asked for with the cells around. All `add`s come before the first `near`. */
export interface LookField {
  /** @param r g b 0..1 @param height over the slab's middle, world units */
  add(cell: number, r: number, g: number, b: number, height: number): void;
  /**
   * Looks at the nearest cells that hold enough, at most `reach` (up to 255) away.
   * @returns whether there are any; their mean is then in `means` at 4 × the cell
   */
  near(cell: number, reach: number): boolean;
  /** 4 a cell: r, g, b, height; set where `near` said so. */
  means: Float64Array;
}

export function createLookField(side: number): LookField {
  const sums = new Float64Array(side * side * SUMS);
  const means = new Float64Array(side * side * 4);
  // Many splats ask for one cell: what was found at which reach, and up to which none was.
  const foundAt = new Uint8Array(side * side);
  const triedTo = new Uint8Array(side * side);

  /** Looks that lie exactly `r` cells away. */
  function countRing(cell: number, r: number): number {
    let count = 0;
    for (let y = -r; y <= r; y++) {
      const step = y === -r || y === r || r === 0 ? 1 : 2 * r;
      for (let x = -r; x <= r; x += step) {
        const at = (cell + y * side + x) * SUMS;
        if (at >= 0 && at < sums.length) count += sums[at + 4]!;
      }
    }
    return count;
  }

  function average(cell: number, r: number): void {
    let [red, green, blue, height, n] = [0, 0, 0, 0, 0];
    for (let y = -r; y <= r; y++) {
      for (let x = -r; x <= r; x++) {
        const at = (cell + y * side + x) * SUMS;
        if (at < 0 || at >= sums.length) continue;
        red += sums[at]!;
        green += sums[at + 1]!;
        blue += sums[at + 2]!;
        height += sums[at + 3]!;
        n += sums[at + 4]!;
      }
    }
    means[cell * 4] = red / n;
    means[cell * 4 + 1] = green / n;
    means[cell * 4 + 2] = blue / n;
    means[cell * 4 + 3] = height / n;
  }

  return {
    means,
    add(cell, r, g, b, height) {
      const at = cell * SUMS;
      sums[at]! += r;
      sums[at + 1]! += g;
      sums[at + 2]! += b;
      sums[at + 3]! += height;
      sums[at + 4]! += 1;
    },
    near(cell, reach) {
      if (foundAt[cell] === 0 && triedTo[cell]! < reach) {
        let count = countRing(cell, 0);
        for (let r = 1; r <= reach; r++) {
          count += countRing(cell, r);
          if (count < ENOUGH) continue;
          foundAt[cell] = r;
          average(cell, r);
          break;
        }
        triedTo[cell] = reach;
      }
      return foundAt[cell] !== 0 && foundAt[cell]! <= reach;
    },
  };
}
