const SECRET_NAME = /TOKEN|SECRET|PASSWORD|PASSWD|KEY|CREDENTIAL|AUTH/i;
const MIN_SECRET_LENGTH = 8;
const MASK = '***';

/**
 * `user:pass@` or `token@` of a URL, up to the last `@` before the path, since
 * people do not escape passwords; the scheme and the host stay readable. It
 * begins at the `://`, since a search for a scheme is quadratic in long words.
 */
const USERINFO = /(?<=:\/\/)[^\s/"<>\\]*@/g;
/** A text that ends within what may become such a URL. */
const OPEN_USERINFO = /:\/{0,2}[^\s/"<>\\]*$/;

/**
 * The values that must never be shown: those of at least 8 characters whose
 * variable's name says that it is a secret (design 2.3), line by line, and
 * what gives each away in base64. Longest first, so that a secret that contains
 * another is masked whole.
 */
export function secretsOf(
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const values = Object.entries(env)
    .filter(([name]) => SECRET_NAME.test(name))
    .flatMap(([, value]) => (value ?? '').split(/[\r\n]+/))
    .filter((line) => line.length >= MIN_SECRET_LENGTH)
    .flatMap((line) => [line, ...encodedForms(line)]);
  return longestFirst(values);
}

/** Each once, so that a secret that contains another is masked whole. */
export function longestFirst(secrets: readonly string[]): string[] {
  return [...new Set(secrets)].sort((a, b) => b.length - a.length);
}

/**
 * What every base64 text that holds the secret somewhere shows of it: the
 * header of basic credentials (`user:password`), a Secret's `data`, `auth` in
 * Docker's config. Three bytes make four characters, so there are three such
 * texts; the characters at the ends that hold bits of the neighbours are left
 * out of them. Base64 that is wrapped inside the secret is not recognised.
 */
export function encodedForms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = [0, 1, 2].flatMap((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes]);
    const first = Math.ceil((before * 8) / 6);
    const end = Math.floor((shifted.length * 8) / 6);
    return (['base64', 'base64url'] as const).map((alphabet) =>
      shifted.toString(alphabet).slice(first, end),
    );
  });
  return [...new Set(forms)];
}

/** Masks every secret, and the userinfo of every URL, in a whole text. */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) clean = clean.split(secret).join(MASK);
  return clean.replace(USERINFO, `${MASK}@`);
}

/** No line is held back longer than this many characters. */
const MAX_HELD_LINE = 64 * 1024;
/** Userinfo of a URL that is longer than this is not looked for in such lines. */
const MAX_USERINFO = 1024;

const HIGH_SURROGATE = /^[\ud800-\udbff]$/;

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
    const end = Math.max(chunk.lastIndexOf('\n'), chunk.lastIndexOf('\r')) + 1;
    const whole = end > 0 ? this.held.length + end : 0;
    this.held += chunk;
    this.release(whole);
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
   * A line without an end: let go of all but as many characters as a secret
   * may have begun in, and cut through no secret that is there.
   */
  private releaseLongLine(): void {
    const longest = this.secrets[0]?.length ?? 0;
    const cut = this.held.length - Math.max(longest - 1, MAX_USERINFO);
    // Half a character would be written as another one.
    const isHalf = HIGH_SURROGATE.test(this.held.charAt(cut - 1));
    this.release(Math.max(this.beforeSecretAt(isHalf ? cut - 1 : cut), 0));
  }

  /** Where the secret begins that `cut` would go through, else `cut`. */
  private beforeSecretAt(cut: number): number {
    const starts = this.secrets.map((secret) => {
      const start = this.held.indexOf(secret, cut - secret.length + 1);
      return start < 0 ? cut : start;
    });
    const near = Math.max(cut - MAX_USERINFO, 0);
    const url = OPEN_USERINFO.exec(this.held.slice(near, Math.max(cut, 0)));
    const start = Math.min(cut, url ? near + url.index : cut, ...starts);
    return start === cut ? cut : this.beforeSecretAt(start);
  }
}
