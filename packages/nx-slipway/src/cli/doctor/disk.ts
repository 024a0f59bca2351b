import { statfs } from 'node:fs/promises';
import { fail, ok, warn, type Finding } from './finding';

const GIGABYTE = 1e9;
/** A base image and a build of it need about that much. */
const LITTLE = 5 * GIGABYTE;
const NONE = 1 * GIGABYTE;

/**
 * @param whose as messages have it: `the workspace`
 * @throws the error of the file system
 */
export async function checkDisk(
  folder: string,
  whose: string,
  fix: string,
): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  return ofFreeSpace(bavail * bsize, `${folder}, ${whose}`, fix);
}

/** @param bytes that are free */
export function ofFreeSpace(
  bytes: number,
  where: string,
  fix: string,
): Finding {
  const detail = `${(bytes / GIGABYTE).toFixed(1)} GB free in ${where}`;
  if (bytes < NONE) return fail(detail, fix);
  return bytes < LITTLE ? warn(detail, fix) : ok(detail);
}
