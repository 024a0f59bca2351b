import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { posix } from 'node:path';
import { identityOf } from '../../state';

/** Where the serves of a workspace are asked by others of the same user. */
export interface ControlPlace {
  /** A serve takes the first that it can have; who asks looks into each. */
  readonly folders: readonly string[];
  /** What the names of this workspace's sockets begin with. */
  readonly workspace: string;
  /** None on Windows, where pipes are nobody's file. */
  readonly uid: number | undefined;
}

export interface ControlUser {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly uid: number | undefined;
}

/** The names of all pipes; it can be listed as a folder. */
export const PIPES = '\\\\.\\pipe\\';

/**
 * @param root of the workspace
 * @param user by default the one that this process is of
 */
export async function controlPlace(
  root: string,
  env: ControlUser['env'],
): Promise<ControlPlace> {
  const { platform, pid } = process;
  const uid = process.getuid?.();
  const [path, identity] = await Promise.all([realpath(root), identityOf(pid)]);
  // A folder may be shared with another machine: a container has its own name.
  const host = identity.split('-').at(-1) ?? '';
  return {
    folders: controlFolders({ env, platform, uid }),
    workspace: workspaceKey(path, host),
    uid,
  };
}

/**
 * Folders below which a path of 103 bytes, all that a socket's can have, holds
 * a name; the user's own one of the session first (XDG Base Directory). Who
 * asks may run with another environment than who serves, so the usual ones are
 * among them.
 */
export function controlFolders({ env, platform, uid }: ControlUser): string[] {
  if (platform === 'win32') return [PIPES];
  const parents = [
    env.XDG_RUNTIME_DIR,
    ...(platform === 'linux' ? [`/run/user/${uid}`] : []),
    env.TMPDIR,
    '/tmp',
  ].filter((path) => path !== undefined && posix.isAbsolute(path));
  const folders = parents.map((parent) =>
    posix.join(parent ?? '', `nx-slipway-${uid}`),
  );
  return [...new Set(folders)];
}

/** 16 hex digits. @param root with no link in it */
export function workspaceKey(root: string, host: string): string {
  const text = JSON.stringify([root, host]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** The address of a pipe begins with it, among those of all other programs. */
const PREFIX = 'nx-slipway-';
const NAME = /^(?:nx-slipway-)?([0-9a-f]{16})-(\d+)-[0-9a-f]{6}(?:\.sock)?$/;

/** @param id 6 hex digits, which make it this serve's own */
export function socketName(
  { workspace, folders }: Pick<ControlPlace, 'workspace' | 'folders'>,
  pid: number,
  id: string,
): string {
  const name = `${workspace}-${pid}-${id}`;
  return folders[0] === PIPES ? `${PREFIX}${name}` : `${name}.sock`;
}

/** @returns the process that serves, if it is such a name */
export function pidInName(name: string, workspace: string): number | undefined {
  const [, key, pid] = NAME.exec(name) ?? [];
  return key === workspace ? Number(pid) : undefined;
}
