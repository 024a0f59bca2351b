import { encodedForms, longestFirst, secretsOf } from './scrub';

/** Shorter ones would mask half of every log: `admin`. */
const MIN_LENGTH = 6;

/**
 * The values that must not be shown: those of the environment from the start,
 * a registry's credentials as soon as they are read.
 */
export class Secrets {
  private values: readonly string[];

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.values = secretsOf(env);
  }

  add(value: string): void {
    if (value.length < MIN_LENGTH || this.values.includes(value)) return;
    this.values = longestFirst([...this.values, value, ...encodedForms(value)]);
  }

  /** All that are known by now, longest first. */
  get all(): readonly string[] {
    return this.values;
  }
}
