import { readFile, rm, writeFile } from 'node:fs/promises';
import { withLock } from '../lock';
import { formatOwner, thisOwner } from '../owner';

/**
 * A process that uses a lock: `lock-child.ts TASK FOLDER FILE`. It prints what
 * it did, a line each, and goes on when it is told so on standard input.
 */
const [task = '', folder = '', file = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const say = (line: string) => process.stdout.write(`${line}\n`);
const told = () =>
  new Promise((resolve) => process.stdin.once('data', resolve));

const TASKS: Readonly<Record<string, () => Promise<void>>> = {
  /** Is somebody that a claim can belong to. */
  async exist() {
    say(formatOwner(await thisOwner()));
    await told();
  },

  /** Holds the lock; a third argument is its note. */
  async hold() {
    await withLock(folder, { signal }, async (lock) => {
      if (file) await lock.note(file);
      say('held');
      await told();
    });
    say('released');
  },

  /** Leaves a note, a third argument, though it does not die. */
  async leave() {
    const work = withLock(folder, { signal }, async (lock) => {
      await lock.note(file);
      lock.leaveNote();
      if (file === 'fails') throw new Error(file);
    });
    await work.catch(() => undefined);
  },

  /** Adds to the number in a file, 20 times. */
  async count() {
    for (let round = 0; round < 20; round += 1) {
      await withLock(folder, { signal }, async () => {
        const number = Number(await readFile(file, 'utf8'));
        await writeFile(file, String(number + 1));
      });
    }
  },

  /** Enters and leaves until it is killed; two at once would say so. */
  async enter() {
    const onDead = (note = '') => rm(note, { force: true });
    for (let round = 0; ; round += 1) {
      await withLock(folder, { signal, onDead }, async (lock) => {
        // Noted first: whatever the moment of its death, the next can tidy up.
        await lock.note(file);
        await writeFile(file, '', { flag: 'wx' }).catch(() => say('two'));
        await rm(file);
      });
      if (round === 0) say('entered');
    }
  },
};

void TASKS[task]?.().then(
  () => process.exit(),
  (error: { code?: string }) => say(String(error.code)),
);
