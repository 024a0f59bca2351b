import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Which build commands have run, on whatever machine: each leaves its name in a
 * file beside all workspaces, which no cache restores.
 */
export class CommandLog {
  private constructor(
    private readonly folder: string,
    private readonly file: string,
  ) {}

  static async create(): Promise<CommandLog> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-commands-'));
    const log = new CommandLog(folder, join(folder, 'log'));
    await log.taken();
    return log;
  }

  /** A shell command that leaves a name, and does what it did. */
  noting(name: string, command: string): string {
    return `echo ${name} >> ${this.file} && ${command}`;
  }

  /** The same, which waits until so many have left that name: all run at once. */
  together(name: string, command: string, count = 2): string {
    const isAlone = `[ $(grep -cx ${name} ${this.file}) -lt ${count} ]`;
    return this.noting(
      name,
      `while ${isAlone}; do sleep 0.05; done && ${command}`,
    );
  }

  /** @returns the names since it was last asked, sorted */
  async taken(): Promise<string[]> {
    const text = await readFile(this.file, 'utf8').catch(() => '');
    await writeFile(this.file, '');
    return text.split('\n').filter(Boolean).sort();
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
