import { mask } from './mask';
import { maskUserinfo, openUrlAt } from './userinfo';

const SECRET_NAME = /TOKEN|SECRET|PASSWORD|PASSWD|KEY|CREDENTIAL|AUTH/i;
const MIN_SECRET_LENGTH = 8;

/**
 * The values that must never be shown: those of at least 8 characters whose
 * variable's name says that it is a secret (design 2.3), as `formsOf` has them.
 */
export function secretsOf(
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const forms = Object.entries(env)
    .filter(([name]) => SECRET_NAME.test(name))
    .flatMap(([, value]) => formsOf(value ?? '', MIN_SECRET_LENGTH));
  return [...new Set(forms)];
}

/**
 * What to look for of a secret: each of its lines, since output is released by
 * line, and what gives the lines and the whole away in base64. None of them
 * spans two lines.
 * @param minLength of a line, in characters; shorter ones are left alone
 */
export function formsOf(secret: string, minLength: number): string[] {
  if (secret.length < minLength) return [];
  const lines = secret
    .split(/[\r\n]+/)
    // Others may indent it anew.
    .map((line) => line.trim())
    .filter((line) => line.length >= minLength);
  const encoded = [secret, ...lines].flatMap(encodedForms);
  return [...new Set([...lines, ...encoded])];
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
  return maskUserinfo(mask(text, secrets).text);
}

/** No line is held back longer than this many characters, and a secret's. */
const MAX_HELD_LINE = 64 * 1024;

const HIGH_SURROGATE = /^[\ud800-\udbff]$/;

/**
 * Scrubs a stream whose chunks may end in the middle of a secret. Text is let
 * go by whole lines, since no secret that we look for spans two, see `formsOf`.
 */
export class StreamScrubber {
  private held = '';
  /** How many characters of `held` a mask that is written stands for. */
  private masked = 0;
  /** Free of secrets, and perhaps a URL whose userinfo goes on in `held`. */
  private url = '';
  /** In how many characters a secret may have begun that has not ended. */
  private readonly open: number;

  /** @param maxLine in characters: more of a line than that is not held back */
  constructor(
    private readonly secrets: readonly string[],
    private readonly write: (text: string) => void,
    private readonly maxLine = MAX_HELD_LINE,
  ) {
    const longest = secrets.reduce(
      (max, { length }) => Math.max(max, length),
      1,
    );
    this.open = longest - 1;
  }

  push(chunk: string): void {
    const end = Math.max(chunk.lastIndexOf('\n'), chunk.lastIndexOf('\r')) + 1;
    const whole = end > 0 ? this.held.length + end : 0;
    this.held += chunk;
    this.release(whole);
    if (this.held.length > this.maxLine + this.open) {
      // Half a character would be written as another one.
      const cut = this.held.length - this.open;
      const isHalf = HIGH_SURROGATE.test(this.held.charAt(cut - 1));
      this.release(isHalf ? cut - 1 : cut);
    }
  }

  /** Lets go of what is left. Call it once, when the stream has ended. */
  end(): void {
    this.release(this.held.length);
    this.pass(this.url, this.url.length);
  }

  /** No secret that is not all here yet may begin before `end`. */
  private release(end: number): void {
    if (end === 0) return;
    const { text, beyond } = mask(this.held, this.secrets, end, this.masked);
    this.held = this.held.slice(end);
    this.masked = beyond;
    const known = this.url + text;
    this.pass(known, openUrlAt(known));
  }

  private pass(text: string, end: number): void {
    this.url = text.slice(end);
    if (end > 0) this.write(maskUserinfo(text.slice(0, end)));
  }
}
