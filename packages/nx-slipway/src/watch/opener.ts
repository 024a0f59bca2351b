import type { Reporter } from '../report';
import type { Clock } from './clock';
import { atLimitWarning } from './limits';
import type { Listener, OpenFolder, Opened } from './open-folder';
import { Poller } from './poller';
import { codeOf, isAtLimit, isGone } from './system-error';

/** How often what cannot be watched is looked at, in milliseconds. */
const POLL_MS = 1000;

export interface Opening {
  readonly reporter: Pick<Reporter, 'warn'>;
  readonly clock: Clock;
  /** Milliseconds; none: by events. */
  readonly polling?: number;
  readonly openFolder: OpenFolder;
}

interface Wish {
  readonly isRecursive: boolean;
  readonly matters: boolean;
}

/** Opens folders by what there is: events, else looks now and then. */
export class Opener {
  private readonly everyMs: number;
  private readonly poller: Poller;
  /** Folders that events have failed for. */
  private readonly failed = new Set<string>();
  private readonly unreadable = new Set<string>();
  private isAtLimit = false;

  constructor(private readonly opening: Opening) {
    this.everyMs = opening.polling ?? POLL_MS;
    this.poller = new Poller(this.everyMs, opening.clock);
  }

  /**
   * @param matters whether to tell the user, once, if it cannot be read
   * @returns undefined if it is gone, or cannot be read
   */
  async open(
    folder: string,
    { isRecursive, matters }: Wish,
    listener: Listener,
  ): Promise<Opened | undefined> {
    try {
      return (
        this.byEvents(folder, isRecursive, listener) ??
        (await this.poller.open(folder, listener.tell))
      );
    } catch (error) {
      const code = codeOf(error);
      if (matters && !isGone(code)) this.warnOfUnreadable(folder, code);
      return undefined;
    }
  }

  /** Tells the user, once. */
  warnOfUnreadable(folder: string, code: string): void {
    if (this.unreadable.has(folder)) return;
    this.unreadable.add(folder);
    this.opening.reporter.warn(
      `Changes in ${folder} are not seen: it cannot be read (${code}).`,
    );
  }

  private byEvents(
    folder: string,
    isRecursive: boolean,
    { tell, fail }: Listener,
  ): Opened | undefined {
    if (this.opening.polling !== undefined) return undefined;
    if (this.failed.has(folder)) return undefined;
    try {
      return this.opening.openFolder(folder, isRecursive, {
        tell,
        fail: () => {
          this.failed.add(folder);
          fail();
        },
      });
    } catch (error) {
      const code = codeOf(error);
      if (!isAtLimit(code)) throw error;
      this.warnOfLimit(code);
      return undefined;
    }
  }

  private warnOfLimit(code: string): void {
    if (this.isAtLimit) return;
    this.isAtLimit = true;
    this.opening.reporter.warn(atLimitWarning(code, this.everyMs));
  }
}
