import { SlipwayError } from '../report';

/**
 * Does something to our own folders; what the system refuses becomes an error
 * for the user.
 * @throws SLIPWAY_E_STATE
 */
export async function onDisk<T>(
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof SlipwayError) throw error;
    throw new SlipwayError({
      code: 'SLIPWAY_E_STATE',
      message: `${path}, where nx-slipway remembers what it did on this machine, could not be written: ${message}.`,
      hint: 'Check that the folder is writable and the disk has room. It may be deleted when nothing is building.',
      cause: error,
    });
  }
}
