import type { BuildOutputEvent, CycleResult } from '../events';
import { KeptLines } from './kept-lines';

/**
 * What is shown of builds that do well: `auto` the first of each image and
 * those that take more than three seconds; all of one that fails is shown by
 * each of them.
 */
export type BuildOutputMode = 'auto' | 'all' | 'failed';

const LONG_MS = 3000;

/** Time, as much as is needed here. */
export interface Later {
  /** @returns what takes it back */
  after(ms: number, action: () => void): () => void;
}

export interface BuildOutputOptions {
  readonly mode: BuildOutputMode;
  readonly later: Later;
  readonly print: (image: string, line: string) => void;
}

interface Build {
  readonly held: KeptLines;
  isShown: boolean;
  readonly stopWaiting: () => void;
}

/** Holds back what builds print until it is worth to be seen. */
export class BuildOutput {
  private readonly running = new Map<string, Build>();
  /** Images that have ended a build, well or not. */
  private readonly known = new Set<string>();

  constructor(private readonly options: BuildOutputOptions) {}

  begin(image: string): void {
    if (this.running.has(image)) return;
    const { mode, later } = this.options;
    const isFirst = !this.known.has(image);
    const isShown = mode === 'all' || (mode === 'auto' && isFirst);
    const isHeld = mode === 'auto' && !isShown;
    const build: Build = {
      held: new KeptLines(),
      isShown,
      stopWaiting: isHeld
        ? later.after(LONG_MS, () => this.show(image, build))
        : () => undefined,
    };
    this.running.set(image, build);
  }

  add({ image, line }: BuildOutputEvent): void {
    this.begin(image);
    const build = this.running.get(image);
    if (build?.isShown) this.options.print(image, line);
    else build?.held.add(line);
  }

  /** Its command has done well: nobody needs to see what was held back. */
  succeed(image: string): void {
    this.known.add(image);
    this.forget(image);
  }

  /** Its cycle is over, maybe without that its command had been run. */
  end(image: string, result: CycleResult): void {
    const build = this.running.get(image);
    if (build && result !== 'superseded') this.known.add(image);
    if (build && result === 'failed') this.show(image, build);
    this.forget(image);
  }

  /** Nothing comes any more. */
  close(): void {
    for (const image of [...this.running.keys()]) this.forget(image);
  }

  private show(image: string, build: Build): void {
    if (build.isShown) return;
    build.isShown = true;
    for (const line of build.held.lines) this.options.print(image, line);
  }

  private forget(image: string): void {
    this.running.get(image)?.stopWaiting();
    this.running.delete(image);
  }
}
