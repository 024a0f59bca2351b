import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../state';
import { findOnPath } from './on-path';

type Env = Readonly<Record<string, string | undefined>>;

export interface ToolOptions {
  /** The program of `slipway`; this package's own unless given. */
  readonly main?: string;
  /** Told what could not be written: such a tool is left out. */
  readonly warn?: (line: string) => void;
}

const WINDOWS = process.platform === 'win32';
const EXECUTABLE = 0o755;

/**
 * By this name a stand-in is known in a PATH, whichever workspace it is of: a
 * build may be started by a build.
 */
const SHIM_FOLDER = 'tilt-shim';

/**
 * Folders for the front of a build command's PATH: one with `slipway`, and,
 * where the user has no `tilt`, one with a `tilt` that answers only
 * `tilt dump image-deploy-ref`, so that scripts written for Tilt run. They are
 * written at run time: not every package manager links a bin where a command
 * finds it, and only here is it known which Node runs. A build does not fail
 * for want of them; a command that needs one says that it is not found.
 * @param folder where they go; absolute
 */
export async function toolFolders(
  folder: string,
  env: Env,
  { main = join(__dirname, '..', 'cli', 'main.js'), warn }: ToolOptions = {},
): Promise<readonly string[]> {
  const tools = [
    { folder: join(folder, 'bin'), name: 'slipway', args: [main] },
  ];
  if (!findOnPath('tilt', env, { except: SHIM_FOLDER })) {
    const shim = join(folder, SHIM_FOLDER);
    tools.push({ folder: shim, name: 'tilt', args: [main, 'tilt'] });
  }
  const written = await Promise.all(
    tools.map(async ({ folder, name, args }) => {
      const path = join(folder, WINDOWS ? `${name}.cmd` : name);
      const text = scriptOf([process.execPath, ...args]);
      try {
        // At once, for another build may run it in this moment.
        if (!(await isWritten(path, text))) {
          await replaceFile(path, text, EXECUTABLE);
        }
        return [folder];
      } catch (error) {
        const why = (error as Error).message;
        warn?.(`build commands will not find ${name} on their PATH: ${why}`);
        return [];
      }
    }),
  );
  return written.flat();
}

function scriptOf(argv: readonly string[]): string {
  if (WINDOWS) {
    const words = argv.map((word) => `"${word.replaceAll('%', '%%')}"`);
    return `@${words.join(' ')} %*\r\n`;
  }
  const words = argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  return `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`;
}

async function isWritten(path: string, text: string): Promise<boolean> {
  try {
    const { mode } = await stat(path);
    const runs = WINDOWS || (mode & 0o100) !== 0;
    return runs && (await readFile(path, 'utf8')) === text;
  } catch {
    // Whatever it is that stands there, it is replaced, or that says why not.
    return false;
  }
}
