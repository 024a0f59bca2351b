import fc from 'fast-check';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordingReporter } from '../testing/recording-reporter';
import { useTempFolder } from '../testing/temp-folder';
import { eventually } from '../testing/wait';
import { openWatcher, type Changes, type OpenWatcher } from '.';
import { ownStatOf, unlessRefused } from './system-error';
import { BY_FOLDER } from './testing/use-watcher';

const temp = useTempFolder();

const TREES = ['', 'a', 'a/b', 'b/a', 'a/dist/b'];
const isPruned = (path: string) => basename(path) === 'dist';

type Files = Map<string, string>;

/** Whoever believes what is told, and looks at nothing else. */
class Follower {
  readonly known: Files = new Map();

  constructor(private readonly root: string) {
    this.read(root);
  }

  take({ paths, all }: Changes): void {
    for (const path of all ? [this.root] : paths) {
      for (const known of this.known.keys()) {
        if (known === path || known.startsWith(`${path}/`)) {
          this.known.delete(known);
        }
      }
      this.read(path);
    }
  }

  private read(path: string): void {
    const folder = unlessRefused(() => realpathSync(dirname(path)));
    // Other names of the same file are left aside.
    if (folder !== dirname(path)) return;
    for (const [found, text] of filesIn(path)) this.known.set(found, text);
  }
}

/** All below a path, without what is pruned, but for the tree in it. */
function filesIn(path: string, files: Files = new Map()): Files {
  const stat = ownStatOf(path);
  if (stat?.isSymbolicLink()) files.set(path, `-> ${readlinkSync(path)}`);
  else if (stat?.isFile()) files.set(path, readFileSync(path, 'utf8'));
  else if (stat) {
    files.set(path, 'a folder');
    for (const name of readdirSync(path)) filesIn(join(path, name), files);
  }
  return files;
}

const place = fc
  .array(fc.constantFrom('a', 'b', 'dist'), { minLength: 1, maxLength: 4 })
  .map((names) => names.join('/'));
const text = fc.string({ maxLength: 3 });
type Step = (root: string) => unknown;
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(place, text).map(([path, text]) => (root: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }),
  place.map((path) => (root: string) => {
    return mkdirSync(join(root, path), { recursive: true });
  }),
  place.map((path) => (root: string) => {
    rmSync(join(root, path), { recursive: true });
  }),
  fc.tuple(place, place).map(([from, to]) => (root: string) => {
    renameSync(join(root, from), join(root, to));
  }),
  fc.tuple(place, place).map(([target, path]) => (root: string) => {
    symlinkSync(join(root, target), join(root, path));
  }),
  // Others have their turn, or time enough to be told.
  fc.constantFrom(0, 1, 8).map((ms) => () => sleep(ms)),
);

async function tryStep(step: Step, root: string): Promise<void> {
  try {
    await step(root);
  } catch (error) {
    // There may be nothing to move, or something else in its place.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/**
 * Of what somebody knows, what he has a right to know with these trees. He may
 * know what is pruned: from the time before, or by way of a link to it.
 * @param now what there is
 */
function wanted(files: Files, now: Files, root: string): [string, string][] {
  const isIn = (path: string, tree: string) => {
    for (let at = path; at !== tree; at = dirname(at)) {
      if (at === root || at === '/') return false;
      // A file may be named so.
      const is = [files, now].map((each) => each.get(at));
      if (isPruned(at) && is.includes('a folder')) return false;
    }
    return true;
  };
  const trees = TREES.map((tree) => join(root, tree));
  return [...files]
    .filter(([path]) => trees.some((tree) => isIn(path, tree)))
    .sort();
}

describe.each(BY_FOLDER)('%s', (_, mode: Partial<OpenWatcher>) => {
  it('whoever believes what is told knows all, whatever was done', async () => {
    const steps = fc.array(step, { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(steps, steps, async (before, after) => {
        const root = mkdtempSync(join(temp.path, 'run-'));
        for (const step of before) await tryStep(step, root);
        const follower: { is?: Follower } = {};
        const watcher = openWatcher({
          onChanges: (changes) => follower.is?.take(changes),
          reporter: recordingReporter(),
          root,
          ...mode,
        });
        try {
          await watcher.watch(
            TREES.map((tree) => ({ path: join(root, tree), prunes: isPruned })),
          );
          const { known } = (follower.is = new Follower(root));
          for (const step of after) await tryStep(step, root);
          await eventually('the same', () => {
            const now = filesIn(root);
            const is = JSON.stringify(wanted(now, now, root));
            return JSON.stringify(wanted(known, now, root)) === is;
          });
        } finally {
          watcher.close();
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
});
