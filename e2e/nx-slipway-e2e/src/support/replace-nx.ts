import { chmod, readlink, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { TestWorkspace } from './workspace';

/**
 * From now on the `nx` of a workspace is a shell script.
 * @param scriptOf given the program that it was, in quotes
 */
export async function replaceNx(
  { root }: TestWorkspace,
  scriptOf: (program: string) => string,
): Promise<void> {
  const nx = join(root, 'node_modules/.bin/nx');
  const program = resolve(dirname(nx), await readlink(nx));
  await rm(nx);
  await writeFile(nx, `#!/bin/sh\n${scriptOf(`'${program}'`)}\n`);
  await chmod(nx, 0o755);
}
