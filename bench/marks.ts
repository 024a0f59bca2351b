import { watch } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files by which commands tell where they are, heard of by inotify. */
export interface Marks {
  /** A shell command that makes a mark, with nothing started for it. */
  command(name: string): string;
  /** When each was made first since, by `performance.now()`. */
  since(): ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export async function openMarks(): Promise<Marks> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-marks-'));
  let heard = new Map<string, number>();
  const watcher = watch(folder, (_event, file) => {
    const now = performance.now();
    if (file !== null && !heard.has(file)) heard.set(file, now);
  });
  return {
    command: (name) => `echo >> ${join(folder, name)}`,
    since: () => (heard = new Map()),
    async close() {
      watcher.close();
      await rm(folder, { recursive: true });
    },
  };
}
