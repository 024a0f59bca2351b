import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TempFolder } from '../../testing/temp-folder';
import { withLock, type LockOptions } from '../lock';
import { formatOwner, type Owner } from '../owner';

/** One lock in a test's folder, and what this process can do with it. */
export function lockIn(temp: TempFolder) {
  const { signal } = new AbortController();
  const folder = () => temp.at('locks', 'frontend');
  return {
    folder,

    tickets: () =>
      readdirSync(folder()).filter((name) => name.startsWith('ticket-')),

    /** Takes the lock, and keeps it until `release`. */
    async hold() {
      let release = (): void => undefined;
      const kept = new Promise<void>((resolve) => (release = resolve));
      let done: Promise<void> = Promise.resolve();
      await new Promise<void>((resolve, reject) => {
        done = withLock(folder(), { signal }, () => {
          resolve();
          return kept;
        });
        done.catch(reject);
      });
      return {
        release: () => {
          release();
          return done;
        },
      };
    },

    /** Asks for the lock, and says whether it has or had it. */
    ask(options: Partial<LockOptions> = {}) {
      const state = { isIn: false, waited: false };
      const done = withLock(folder(), { signal, ...options }, ({ waited }) => {
        Object.assign(state, { isIn: true, waited });
        return Promise.resolve();
      });
      return { state, done };
    },

    /** Makes a file as a claimant would have, for whoever it is. */
    async plant(kind: string, owner: Owner, text = '{}') {
      const name = `${kind}-${formatOwner(owner)}-${'f'.repeat(16)}`;
      await mkdir(folder(), { recursive: true });
      await writeFile(join(folder(), name), text);
      return name;
    },
  };
}
