import { SlipwayError } from '../report';

/**
 * Looks at an input on the disk; what the system refuses becomes an error for
 * the user.
 * @throws SLIPWAY_E_DEPS_UNREADABLE
 */
export async function reading<T>(
  path: string,
  look: () => Promise<T>,
): Promise<T> {
  try {
    return await look();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof SlipwayError) throw error;
    throw new SlipwayError({
      code: 'SLIPWAY_E_DEPS_UNREADABLE',
      message: `${path}, which deps hold, could not be read: ${message}.`,
      hint: 'Make it readable for who runs nx, or name it in ignore if the build does not need it.',
      cause: error,
    });
  }
}
