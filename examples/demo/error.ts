/** What a user can do something about: printed without a stack. */
export class DemoError extends Error {
  override readonly name = 'DemoError';

  constructor(
    /** Stable: `DEMO_E_...`. */
    readonly code: string,
    /** What, where and why. */
    message: string,
    /** What to do about it. */
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
