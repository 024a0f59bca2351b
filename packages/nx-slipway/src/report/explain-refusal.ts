import { SlipwayError, type SlipwayErrorParts } from './slipway-error';

/**
 * Does work on the disk; what the system refuses becomes an error for the
 * user. Other errors stay what they are.
 * @param explain is told what the system says of it
 */
export async function explainRefusal<T>(
  work: () => Promise<T>,
  explain: (said: string) => Omit<SlipwayErrorParts, 'cause'>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof SlipwayError) throw error;
    throw new SlipwayError({ ...explain(message), cause: error });
  }
}
