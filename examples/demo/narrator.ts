/** Tells the person who watches what happens and how long it takes. */
export interface Narrator {
  /** A part of the story. */
  chapter(title: string): void;
  say(text: string): void;
  /** What a program or a file says: set apart from our own words. */
  quote(line: string): void;
  /** Says what begins, that it still goes on, and how long it took. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
}

/** A step that is quiet for this long says that it still goes on. */
const QUIET_MS = 2000;

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** Plain lines, so that a log reads as a terminal does. */
export function lineNarrator(
  print: (line: string) => void,
  now: () => number,
): Narrator {
  let lastLine = now();
  const line = (text: string) => {
    lastLine = now();
    print(text);
  };
  return {
    chapter: (title) => line(`\n== ${title}`),
    say: (text) => line(text),
    quote: (text) => line(`    | ${text}`),
    async step(title, work) {
      const start = now();
      line(`   ${title} ...`);
      const tick = setInterval(() => {
        if (now() - lastLine < QUIET_MS) return;
        line(`      ${Math.round((now() - start) / 1000)} s ...`);
      }, QUIET_MS / 4);
      try {
        const result = await work();
        line(`   ${title}: ${seconds(now() - start)}`);
        return result;
      } finally {
        clearInterval(tick);
      }
    },
  };
}
