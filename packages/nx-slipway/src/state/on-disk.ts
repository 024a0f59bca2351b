import { explainRefusal } from '../report';

/**
 * Does something to our own folders; what the system refuses becomes an error
 * for the user.
 * @throws SLIPWAY_E_STATE
 */
export function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  return explainRefusal(work, (said) => ({
    code: 'SLIPWAY_E_STATE',
    message: `${path}, where nx-slipway remembers what it did on this machine, could not be written: ${said}.`,
    hint: 'Check that the folder is writable and the disk has room. It may be deleted when nothing is building.',
  }));
}
