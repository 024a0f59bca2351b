/** Milliseconds of each run of one way to do a thing. */
export type Samples = readonly number[];

export function median(samples: Samples): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

/**
 * One line a way: median, spread, and how many times the first way's median.
 * Ratios hold on any machine, milliseconds only on this one.
 */
export function table(
  title: string,
  ways: Readonly<Record<string, Samples>>,
): string {
  const first = median(Object.values(ways)[0] ?? []);
  const lines = Object.entries(ways).map(([name, samples]) => {
    const middle = median(samples);
    const spread = `${Math.min(...samples).toFixed(0)}-${Math.max(...samples).toFixed(0)}`;
    return `  ${name.padEnd(44)} ${middle.toFixed(1).padStart(8)} ms  (${spread})  x${(middle / first).toFixed(2)}`;
  });
  return [
    `${title} (medians of ${Object.values(ways)[0]?.length ?? 0})`,
    ...lines,
  ].join('\n');
}

/** Runs each way in turn, round after round, so that all meet the same noise. */
export async function alternate(
  rounds: number,
  ways: Readonly<Record<string, (round: number) => Promise<number>>>,
): Promise<Record<string, number[]>> {
  const samples: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) {
      (samples[name] ??= []).push(await way(round));
    }
  }
  return samples;
}

/** How long `work` takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
