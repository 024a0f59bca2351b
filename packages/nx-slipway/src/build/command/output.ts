import { LastLines } from '../../tool';
import type { CommandRun } from './command-run';
import { OutputStream } from './output-stream';
import type { Child } from './start';

/** What a command prints, both streams, and the end of it for an error. */
export interface CommandOutput {
  readonly tail: LastLines;
  /** Resolves when nobody holds the streams any more and all is reported. */
  readonly ended: Promise<void>;
  /**
   * Reports what is there, and waits for no more.
   * @returns whether others still hold a stream
   */
  leave(): Promise<boolean>;
}

/** @param heard called with each thing that the command prints */
export function streamOutput(
  child: Child,
  { secrets, reporter }: CommandRun,
  heard: () => void,
): CommandOutput {
  const tail = new LastLines();
  const streams = (['stdout', 'stderr'] as const).map(
    (name) =>
      new OutputStream(child[name], secrets, (text) => {
        heard();
        tail.add(text);
        return reporter.output(name, text);
      }),
  );
  return {
    tail,
    ended: Promise.all(streams.map(({ ended }) => ended)).then(() => undefined),
    async leave() {
      const held = await Promise.all(streams.map((stream) => stream.leave()));
      return held.includes(true);
    },
  };
}
