import { formsOf, secretsOf } from './scrub';

/** Shorter ones would mask half of every log: `admin`. */
const MIN_LENGTH = 6;

/**
 * The values that must not be shown: those of the environment from the start,
 * a registry's credentials as soon as they are read.
 */
export class Secrets {
  private readonly values: Set<string>;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.values = new Set(secretsOf(env));
  }

  add(value: string): void {
    for (const form of formsOf(value, MIN_LENGTH)) this.values.add(form);
  }

  /** All that are known by now. */
  get all(): readonly string[] {
    return [...this.values];
  }
}
