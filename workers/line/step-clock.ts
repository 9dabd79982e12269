/** Wall-clock seconds a named step, summed, in the order the steps first ran. */
export class StepClock {
  readonly seconds: Record<string, number> = {};

  async time<T>(step: string, work: () => Promise<T> | T): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.seconds[step] = (this.seconds[step] ?? 0) + (performance.now() - start) / 1000;
    }
  }
}
