/** `1 splat`, `1203 splats`: as a summary says it, without separators, so that programs can read it, too. */
export const splats = (n: number): string => `${n} ${n === 1 ? 'splat' : 'splats'}`;
