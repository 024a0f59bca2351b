import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A real folder of its own for each test of a file. */
export interface TempFolder {
  /** Absolute, with no link in it; another one in each test. */
  readonly path: string;
  /** The absolute path of something in it. */
  at(...parts: string[]): string;
  /** Writes files, and the folders that they need. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Writes a script that can be run. */
  script(name: string, text: string): Promise<string>;
  /** @param target as the link holds it */
  link(name: string, target: string): Promise<void>;
}

/** Call it at the top of a `describe` or a file. */
export function useTempFolder(prefix = 'slipway-'): TempFolder {
  const made: string[] = [];
  let path = '';
  beforeEach(() => {
    // macOS links its folder for temporary files.
    path = mkdtempSync(join(realpathSync(tmpdir()), prefix));
    made.push(path);
  });
  // Not after each: who works in it is ended by hooks that come after this one.
  afterAll(() => {
    for (const each of made.splice(0)) {
      rmSync(each, { recursive: true, force: true });
    }
  });
  const at = (...parts: string[]) => join(path, ...parts);
  const folderOf = (file: string) => mkdir(dirname(file), { recursive: true });
  return {
    get path() {
      return path;
    },
    at,
    async write(files) {
      for (const [name, text] of Object.entries(files)) {
        await folderOf(at(name));
        await writeFile(at(name), text);
      }
    },
    async script(name, text) {
      await this.write({ [name]: text });
      await chmod(at(name), 0o755);
      return at(name);
    },
    async link(name, target) {
      await folderOf(at(name));
      await symlink(target, at(name));
    },
  };
}
