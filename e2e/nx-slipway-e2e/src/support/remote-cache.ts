import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChild } from '@nx-slipway/sandbox';
import { run } from './run';

const BOOTSTRAP = join(__dirname, '../../../sandbox/bootstrap.js');
const SERVER = join(__dirname, 'remote-cache-server.ts');
const TOKEN = 'open-sesame-4711';
const READ_TOKEN = 'open-barley-4711';
const RECORDS = '.nx/slipway';

export interface RemoteCacheCounts {
  /** Entries that Nx has asked for. */
  readonly gets: number;
  /** Those of them that were there. */
  readonly hits: number;
  /** Entries that were taken; one that was there already is none of them. */
  readonly puts: number;
}

/** A remote cache for Nx, a process of its own on 127.0.0.1. */
export class RemoteCache {
  private constructor(
    /** For whoever shall use it. */
    readonly env: Readonly<Record<string, string>>,
    /** A token with which nothing can be put there. */
    readonly readToken: string,
    /** Each entry is a file, named by the hash of its task. */
    private readonly folder: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(): Promise<RemoteCache> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-remote-cache-'));
    // With our environment, by which the driver ends what a killed run left.
    const child = fork(BOOTSTRAP, [SERVER, folder, TOKEN, READ_TOKEN], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [port] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => {
        throw new Error('the remote cache did not start');
      }),
    ])) as [number];
    const env = {
      NX_SELF_HOSTED_REMOTE_CACHE_SERVER: `http://127.0.0.1:${port}`,
      NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: TOKEN,
    };
    return new RemoteCache(env, READ_TOKEN, folder, child);
  }

  async counts(): Promise<RemoteCacheCounts> {
    const response = await fetch(
      `${this.env.NX_SELF_HOSTED_REMOTE_CACHE_SERVER}/counts`,
      { headers: { authorization: `Bearer ${TOKEN}` } },
    );
    return (await response.json()) as RemoteCacheCounts;
  }

  /** @returns the hashes of the tasks that it has entries of, sorted */
  async entries(): Promise<string[]> {
    const names = await readdir(this.folder);
    // Those with a dot are still being sent.
    return names.filter((name) => !name.includes('.')).sort();
  }

  /**
   * Poisons an entry.
   * @param edit gets the text of the record in it, and gives another
   * @throws if there is no such entry, or not one record in it
   */
  async rewriteRecord(
    hash: string,
    edit: (text: string) => string,
  ): Promise<void> {
    await this.rewriteEntry(hash, async (opened) => {
      const [record, ...others] = await readdir(join(opened, RECORDS));
      if (record === undefined || others.length > 0) {
        throw new Error(`not one record in the entry ${hash}`);
      }
      const file = join(opened, RECORDS, record);
      await writeFile(file, edit(await readFile(file, 'utf8')));
    });
  }

  /**
   * Poisons an entry: a tar, packed by gzip, of the task's outputs, with what it
   * printed as `terminalOutput` and how it ended as `code`.
   * @param edit gets the folder with what is in it, and changes that
   * @throws if there is no such entry
   */
  async rewriteEntry(
    hash: string,
    edit: (folder: string) => Promise<void>,
  ): Promise<void> {
    const entry = join(this.folder, hash);
    const opened = await mkdtemp(join(tmpdir(), 'slipway-remote-entry-'));
    try {
      await run('tar', ['-xzf', entry, '-C', opened]);
      // Nx gives the two files of its own no mode at all.
      await run('chmod', ['-R', 'u+rwX', opened]);
      await edit(opened);
      const names = await readdir(opened);
      await run('tar', ['-czf', entry, '-C', opened, ...names]);
    } finally {
      await rm(opened, { recursive: true, force: true });
    }
  }

  async stop(): Promise<void> {
    await endChild(this.process);
    await rm(this.folder, { recursive: true, force: true });
  }
}
