import { SlipwayError, type ErrorCode } from '../report';

/** Matches an error of ours with that code; for `toThrow` and `toEqual`. */
export function slipwayError(code: ErrorCode, message?: RegExp) {
  return expect.objectContaining({
    name: 'SlipwayError',
    code,
    message: expect.stringMatching(message ?? /./) as unknown,
  }) as unknown as SlipwayError;
}

/** The error that `work` ends with, if it is ours; anything else is thrown. */
export async function errorOf(
  work: Promise<unknown> | (() => unknown),
): Promise<SlipwayError> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (error instanceof SlipwayError) return error;
    throw error;
  }
  throw new Error('it was to fail, and did not');
}
