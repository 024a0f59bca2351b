/** Tells a person what is being done and how long it took. */
export interface Report {
  step<T>(title: string, work: () => Promise<T>, takes?: string): Promise<T>;
}

export const SILENT: Report = { step: (_, work) => work() };

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`.padStart(8);

/** A line for each step when it ends, and one at the start of a long one. */
export function lineReport(
  print: (line: string) => void,
  now: () => number,
): Report {
  return {
    async step(title, work, takes) {
      const start = now();
      if (takes) print(`          ${title}: takes ${takes} ...`);
      try {
        const result = await work();
        print(`${seconds(now() - start)}  ${title}`);
        return result;
      } catch (error) {
        print(`${seconds(now() - start)}  ${title}: failed`);
        throw error;
      }
    },
  };
}
