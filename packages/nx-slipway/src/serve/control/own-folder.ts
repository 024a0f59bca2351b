import { lstat, mkdir } from 'node:fs/promises';
import { SlipwayError } from '../../report';

/** Of group and others. */
const WIDER = 0o077;

/**
 * Makes the folder, unless it is there.
 * @param uid whose it has to be
 * @throws the error of the system; SLIPWAY_E_STATE for one that is somebody
 *   else's, or open to others
 */
export async function makeOwnFolder(
  path: string,
  uid: number | undefined,
): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const refusal = await refusalOf(path, uid);
  if (refusal) throw refusal;
}

/**
 * Whoever may write into it could stand in for a serve, or ask one.
 * @returns undefined for a folder of the user's own
 * @throws the error of the system
 */
export async function refusalOf(
  path: string,
  uid: number | undefined,
): Promise<SlipwayError | undefined> {
  const stats = await lstat(path);
  const why = whyNot();
  if (why === undefined) return undefined;
  return new SlipwayError({
    code: 'SLIPWAY_E_STATE',
    message: `${path}, where a running serve is asked, ${why}.`,
    hint: 'Take it away, or set XDG_RUNTIME_DIR to a folder of your own.',
  });

  function whyNot(): string | undefined {
    if (!stats.isDirectory()) return 'is no folder';
    if (stats.uid !== uid) return `belongs to the user ${stats.uid}`;
    const mode = (stats.mode & 0o777).toString(8);
    return stats.mode & WIDER ? `is open to others (mode ${mode})` : undefined;
  }
}
