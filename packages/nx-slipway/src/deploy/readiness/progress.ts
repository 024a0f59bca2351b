import { formatDuration, type Reporter } from '../../report';
import type { Assessment } from './assess';
import { lineOf } from './describe';
import type { Waiting } from './expected';

/** Before the first word: most of what works is ready by then. */
const FIRST_MS = 2000;
/** At least between two words about one object. */
const AGAIN_MS = 5000;
/** At most between two words that say the same. */
const REPEAT_MS = 60_000;
/** How many objects one word tells of. */
const MAX_TOLD = 5;

interface Told {
  readonly line: string;
  readonly at: number;
  /** Until the same is said again. */
  readonly pause: number;
}

/**
 * Says what is waited for: what has changed every five seconds at most, what has
 * not each time after twice as long.
 */
export class Progress {
  private readonly told = new Map<Waiting['expected'], Told>();
  private readonly start: number;

  constructor(
    private readonly reporter: Pick<Reporter, 'info'>,
    private readonly now: () => number,
  ) {
    this.start = now();
  }

  tell(waiting: readonly Waiting[], assessment: Assessment): void {
    const now = this.now();
    if (now - this.start < FIRST_MS) return;
    const due = waiting.filter(({ expected }) => {
      const before = this.told.get(expected);
      return !before || now - before.at >= AGAIN_MS;
    });
    const lines = due.flatMap((each) => {
      const { expected } = each;
      const line = lineOf(each, assessment);
      const before = this.told.get(expected);
      const isSame = before?.line === line;
      if (isSame && now - before.at < before.pause) return [];
      const pause = isSame ? Math.min(before.pause * 2, REPEAT_MS) : AGAIN_MS;
      this.told.set(expected, { line, at: now, pause });
      return [`waiting for ${line}`];
    });
    const passed = formatDuration(now - this.start);
    for (const line of lines.slice(0, MAX_TOLD)) {
      this.reporter.info(`${line} (${passed})`);
    }
    const more = lines.length - MAX_TOLD;
    if (more > 0) this.reporter.info(`and for ${more} more`);
  }
}
