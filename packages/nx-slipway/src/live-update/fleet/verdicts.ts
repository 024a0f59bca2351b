import { SlipwayError } from '../../report';
import type { Life } from './life';
import { isRunning } from './pod';
import type { FleetParts } from './types';

/**
 * Milliseconds in which a kubelet tells that a container has ended: it looks once
 * a second.
 */
const NEWS_MS = 1500;

/** Tells what could not be done in a container from the end of the container. */
export class Verdicts {
  /** By what can be done about it: what has happened and was no end. */
  private readonly faults = new Set<string>();

  constructor(private readonly parts: Pick<FleetParts, 'readPod' | 'clock'>) {}

  /** Whether the container has ended, so that the error says nothing. */
  async isEnd(life: Life, error: SlipwayError): Promise<boolean> {
    const kind = error.hint ?? error.message;
    if (!(await this.stillRuns(life))) return true;
    // An image without tar has none at the next save, either.
    if (this.faults.has(kind)) return false;
    await this.news(life);
    if (life.hasEnded || !(await this.stillRuns(life))) return true;
    this.faults.add(kind);
    return false;
  }

  private async stillRuns({ seen }: Life): Promise<boolean> {
    try {
      const pod = await this.parts.readPod(seen.place);
      return pod !== undefined && isRunning(pod, seen);
    } catch (error) {
      // Who cannot be asked has not said that it has ended.
      if (error instanceof SlipwayError) return true;
      throw error;
    }
  }

  private news({ over }: Life): Promise<void> {
    return new Promise((resolve) => {
      const forget = this.parts.clock.after(NEWS_MS, resolve);
      void over.then(() => {
        forget();
        resolve();
      });
    });
  }
}
