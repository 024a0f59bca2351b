/** Tells the person who watches what happens and how long it takes. */
export interface Narrator {
  /** A part of the story. */
  readonly chapter: (title: string) => void;
  readonly say: (text: string) => void;
  /** What a program or a file says: set apart from our own words. */
  readonly quote: (line: string) => void;
  /** Says what begins, that it still goes on, and how long it took. */
  readonly step: <T>(title: string, work: () => Promise<T>) => Promise<T>;
}

/** A step that is quiet for this long says that it still goes on, ... */
const QUIET_MS = 2000;
/** ... and if it stays quiet, again after this long. */
const STILL_QUIET_MS = 5000;

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
      let lastTick = 0;
      const tick = setInterval(() => {
        const patience = lastTick === lastLine ? STILL_QUIET_MS : QUIET_MS;
        if (now() - lastLine < patience) return;
        line(`      ${Math.round((now() - start) / 1000)} s ...`);
        lastTick = lastLine;
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
