import type { LogEntry } from './log-entry';

type Moment = Pick<LogEntry, 'second' | 'nanos'>;

/** How often each moment was seen, by seconds and nanoseconds. */
type Counts = Map<number, Map<number, number>>;

/**
 * The server can only be asked for what is not older than a second. Two streams
 * of one container may be written out of order, by less than that.
 */
const SECONDS_BACK = 1;

/**
 * How far a log has been read. Lines of one moment are told apart by how many
 * there were, and none is taken for old by its time alone: stdout and stderr
 * are written by two hands, and clocks are set back.
 */
export class LogPosition {
  private last?: number;
  private readonly seen: Counts = new Map();
  /** What comes once more, since it was asked for again. */
  private repeated: Counts = new Map();
  private first?: Moment;

  /** @param hasEarlier whether what is before the first line is not wanted */
  constructor(private readonly hasEarlier = false) {}

  /** RFC 3339: where to go on, for a stream that is opened now; none: anywhere. */
  reopen(): string | undefined {
    if (this.last === undefined) return undefined;
    this.repeated = this.copyOfSeen();
    return new Date((this.last - SECONDS_BACK) * 1000).toISOString();
  }

  /**
   * Of the container that came after: what was read of it already, when it had
   * just taken the place of this one, comes once more.
   */
  next(): LogPosition {
    const next = new LogPosition();
    next.repeated = this.copyOfSeen();
    return next;
  }

  private copyOfSeen(): Counts {
    return new Map(
      [...this.seen].map(([second, counts]) => [second, new Map(counts)]),
    );
  }

  /** Whether the next line of the stream is new. It is old from then on. */
  isNew(moment: Moment): boolean {
    if (this.first && isBefore(moment, this.first)) return false;
    if (takeOne(this.repeated, moment)) return false;
    if (this.hasEarlier) this.first ??= moment;
    this.note(moment);
    return true;
  }

  private note({ second, nanos }: Moment): void {
    if (second !== this.last) {
      this.last = second;
      for (const each of this.seen.keys()) {
        if (each < second - SECONDS_BACK) this.seen.delete(each);
      }
    }
    const counts = this.seen.get(second) ?? new Map<number, number>();
    this.seen.set(second, counts);
    counts.set(nanos, (counts.get(nanos) ?? 0) + 1);
  }
}

function takeOne(from: Counts, { second, nanos }: Moment): boolean {
  const counts = from.get(second);
  const count = counts?.get(nanos) ?? 0;
  if (count === 0) return false;
  counts?.set(nanos, count - 1);
  return true;
}

function isBefore(one: Moment, other: Moment): boolean {
  if (one.second !== other.second) return one.second < other.second;
  return one.nanos < other.nanos;
}
