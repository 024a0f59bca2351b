const SECRET_NAME = /TOKEN|SECRET|PASSWORD|PASSWD|KEY|CREDENTIAL|AUTH/i;
const MIN_SECRET_LENGTH = 8;
const MASK = '***';

/** `user:pass@` of a URL; the scheme and the host stay readable. */
const USERINFO = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi;

/**
 * The values that must never be shown: those of at least 8 characters whose
 * variable's name says that it is a secret (design 2.3). Longest first, so
 * that a secret that contains another is masked whole.
 */
export function secretsOf(
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const values = Object.entries(env)
    .filter(([name]) => SECRET_NAME.test(name))
    .flatMap(([, value]) => (value ?? '').split(/\r?\n/))
    .filter((line) => line.length >= MIN_SECRET_LENGTH);
  return [...new Set(values)].sort((a, b) => b.length - a.length);
}

/** Masks every secret, and the userinfo of every URL, in a whole text. */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) clean = clean.split(secret).join(MASK);
  return clean.replace(USERINFO, `$1${MASK}@`);
}

/** No line is held back longer than this many characters. */
const MAX_HELD_LINE = 64 * 1024;

/**
 * Scrubs a stream whose chunks may end in the middle of a secret. Text is let
 * go by whole lines, since no secret that we look for spans two: `secretsOf`
 * splits values at line ends.
 */
export class StreamScrubber {
  private held = '';

  constructor(
    private readonly secrets: readonly string[],
    private readonly write: (text: string) => void,
  ) {}

  push(chunk: string): void {
    this.held += chunk;
    const end =
      Math.max(this.held.lastIndexOf('\n'), this.held.lastIndexOf('\r')) + 1;
    if (end > 0) this.release(end);
    if (this.held.length > MAX_HELD_LINE) this.releaseLongLine();
  }

  /** Lets go of what is left. Call it once, when the stream has ended. */
  end(): void {
    this.release(this.held.length);
  }

  private release(length: number): void {
    if (length === 0) return;
    this.write(scrub(this.held.slice(0, length), this.secrets));
    this.held = this.held.slice(length);
  }

  /**
   * A line without an end: mask what is whole, and keep as many characters as
   * a secret may still have begun in.
   */
  private releaseLongLine(): void {
    const longest = this.secrets[0]?.length ?? 0;
    const clean = scrub(this.held, this.secrets);
    const keep = Math.max(longest - 1, 256);
    this.write(clean.slice(0, -keep));
    this.held = clean.slice(-keep);
  }
}
