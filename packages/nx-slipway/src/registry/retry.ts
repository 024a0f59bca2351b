import type { SlipwayError } from '../report';

/** A failure that may be over in a moment. */
export class Transient extends Error {
  constructor(
    /** What to throw when it is not over after all. */
    readonly error: SlipwayError,
    /** Milliseconds that the registry asks us to wait. */
    readonly wait?: number,
  ) {
    super(error.message);
    this.name = 'Transient';
  }
}

export interface RetryOptions {
  /** Rejects when the signal is aborted. @param ms milliseconds */
  readonly sleep: (ms: number) => Promise<void>;
  /** As Math.random. */
  readonly random: () => number;
  /** Told of each wait before it begins. */
  readonly onWait: (ms: number, reason: SlipwayError) => void;
}

const MAX_ATTEMPTS = 4;
const FIRST_WAIT_MS = 300;
/** Of one wait, whatever Retry-After says, and of all of them. */
export const MAX_WAIT_MS = 30_000;
const MAX_WAITS_MS = 60_000;

/**
 * Does work that may be done again, up to 4 times, waiting 0.3 s, 0.9 s and
 * 2.7 s, half more or less, so that many clients do not come back together.
 * @throws the error of the last Transient; at once whatever else work throws
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  { sleep, random, onWait }: RetryOptions,
): Promise<T> {
  let waited = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      const backoff = FIRST_WAIT_MS * 3 ** (attempt - 1) * (0.5 + random());
      const wait = Math.min(Math.max(error.wait ?? 0, backoff), MAX_WAIT_MS);
      waited += wait;
      if (attempt === MAX_ATTEMPTS || waited > MAX_WAITS_MS) throw error.error;
      onWait(wait, error.error);
      await sleep(wait);
    }
  }
}

/**
 * Reads a Retry-After header (RFC 9110, 10.2.3).
 * @param now milliseconds since 1970
 * @returns milliseconds, >= 0; undefined if there is none that makes sense
 */
export function parseRetryAfter(
  header: string,
  now: number,
): number | undefined {
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(date - now, 0);
}
