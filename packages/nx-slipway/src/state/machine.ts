import { createHash, randomBytes } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { machineFile } from './folder';
import { ifTold } from './if-told';
import { onDisk } from './on-disk';
import { readSmallFile } from './read-small-file';
import { replaceFile } from './replace-file';

/** The pid namespace of a system itself (PROC_PID_INIT_INO of Linux). */
const OWN_PIDS = 'pid:[4026531836]';
const ID = /^[0-9a-f]{32}$/;

/**
 * 32 hex digits that no other machine has, and this one again. Of the system's
 * own machine-id where it has one; containers, which have the id and often the
 * name of the image that they were made of, get a random one that lies in the
 * workspace.
 * @param root of the workspace
 * @throws SLIPWAY_E_STATE
 */
export async function machineId(root: string): Promise<string> {
  return (await ofSystem()) ?? ofWorkspace(machineFile(root));
}

async function ofSystem(): Promise<string | undefined> {
  const [pids, text] = await Promise.all([
    ifTold(readlink('/proc/self/ns/pid')),
    ifTold(readFile('/etc/machine-id', 'utf8')),
  ]);
  const id = text?.trim() ?? '';
  if (pids !== OWN_PIDS || !ID.test(id)) return undefined;
  // Machines may be copies of one another, all but their names.
  const hash = createHash('sha256').update(`${id} ${hostname()}`);
  return hash.digest('hex').slice(0, 32);
}

/** Of two that are made at once, the one that stays counts. */
export async function ofWorkspace(path: string): Promise<string> {
  const known = await idIn(path);
  if (known !== undefined) return known;
  const made = randomBytes(16).toString('hex');
  await onDisk(path, () => replaceFile(path, made));
  return (await idIn(path)) ?? made;
}

async function idIn(path: string): Promise<string | undefined> {
  const file = await readSmallFile(path, 64);
  return file && 'text' in file && ID.test(file.text) ? file.text : undefined;
}
