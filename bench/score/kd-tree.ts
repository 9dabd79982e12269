/** Exact nearest neighbours among points in space: a balanced k-d tree kept as one permuted index array. */
export interface KdTree {
  /** Rows of the k nearest points, nearest first (fewer when there are fewer), and their distances. */
  nearest(x: number, y: number, z: number, k?: number): { rows: number[]; distances: number[] };
  /** Distance to the nearest point; Infinity in an empty tree. */
  distance(x: number, y: number, z: number): number;
}

const LEAF = 12;

/** @param points 3N: x y z; read, not copied */
export function createKdTree(points: ArrayLike<number>): KdTree {
  const count = points.length / 3;
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const axes = new Map<number, number>();
  const at = (i: number, axis: number) => points[order[i]! * 3 + axis]!;

  /** Hoare's selection: the m-th of order[lo..hi] along the axis gets to its place. */
  function select(lo: number, hi: number, m: number, axis: number): void {
    while (hi > lo) {
      const pivot = at((lo + hi) >> 1, axis);
      let i = lo;
      let j = hi;
      while (i <= j) {
        while (at(i, axis) < pivot) i++;
        while (at(j, axis) > pivot) j--;
        if (i <= j) {
          const t = order[i]!;
          order[i] = order[j]!;
          order[j] = t;
          i++;
          j--;
        }
      }
      if (m <= j) hi = j;
      else if (m >= i) lo = i;
      else return;
    }
  }

  function widestAxis(lo: number, hi: number): number {
    let best = 0;
    let widest = -1;
    for (let axis = 0; axis < 3; axis++) {
      let low = Infinity;
      let high = -Infinity;
      for (let i = lo; i < hi; i++) {
        const v = at(i, axis);
        if (v < low) low = v;
        if (v > high) high = v;
      }
      if (high - low > widest) {
        widest = high - low;
        best = axis;
      }
    }
    return best;
  }

  function build(lo: number, hi: number): void {
    if (hi - lo <= LEAF) return;
    const axis = widestAxis(lo, hi);
    const middle = (lo + hi) >> 1;
    select(lo, hi - 1, middle, axis);
    axes.set(middle, axis);
    build(lo, middle);
    build(middle + 1, hi);
  }
  build(0, count);

  function search(x: number, y: number, z: number, k: number) {
    const rows: number[] = [];
    const squares: number[] = [];
    const offer = (i: number) => {
      const row = order[i]!;
      const dx = points[row * 3]! - x;
      const dy = points[row * 3 + 1]! - y;
      const dz = points[row * 3 + 2]! - z;
      const square = dx * dx + dy * dy + dz * dz;
      if (rows.length === k && square >= squares[k - 1]!) return;
      let place = Math.min(rows.length, k - 1);
      while (place > 0 && squares[place - 1]! > square) {
        rows[place] = rows[place - 1]!;
        squares[place] = squares[place - 1]!;
        place--;
      }
      rows[place] = row;
      squares[place] = square;
    };
    const query = [x, y, z];
    const visit = (lo: number, hi: number): void => {
      if (hi - lo <= LEAF) {
        for (let i = lo; i < hi; i++) offer(i);
        return;
      }
      const middle = (lo + hi) >> 1;
      const axis = axes.get(middle)!;
      const gap = query[axis]! - at(middle, axis);
      if (gap < 0) visit(lo, middle);
      else visit(middle + 1, hi);
      offer(middle);
      if (rows.length === k && gap * gap >= squares[k - 1]!) return;
      if (gap < 0) visit(middle + 1, hi);
      else visit(lo, middle);
    };
    visit(0, count);
    return { rows, distances: squares.map(Math.sqrt) };
  }

  return {
    nearest: (x, y, z, k = 1) => search(x, y, z, k),
    distance: (x, y, z) => search(x, y, z, 1).distances[0] ?? Infinity,
  };
}
