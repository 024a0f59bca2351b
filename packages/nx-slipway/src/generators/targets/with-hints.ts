import { formatError } from '../../report';

/** Nx shows an error's message alone, so the hint is put into it. */
export function withHints<Args extends unknown[], Result>(
  generator: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await generator(...args);
    } catch (error) {
      throw new Error(formatError(error), { cause: error });
    }
  };
}
