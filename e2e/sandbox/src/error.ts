/** What a user can do something about: printed without a stack. */
export class SandboxError extends Error {
  override readonly name: string = 'SandboxError';

  constructor(
    /** Stable, for programs: `SANDBOX_E_...`. */
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

export function isErrno(error: unknown, ...codes: string[]): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code !== undefined && codes.includes(code);
}
