/** How long a piece of work takes, and the processor time of all of this process's threads meanwhile; milliseconds. */
export async function timed(work: () => unknown): Promise<{ wall: number; cpu: number }> {
  const [cpuStart, start] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(cpuStart);
  return { wall: performance.now() - start, cpu: (user + system) / 1000 };
}
