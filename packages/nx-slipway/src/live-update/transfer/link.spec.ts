import { chmodSync, statSync } from 'node:fs';
import fc from 'fast-check';
import {
  batch,
  stateOf,
  useContainer,
  withFolders,
  type Tree,
} from './testing/container';
import { SHELLS } from './testing/local-container';

/** Names that a shell, a tar or a tool may take for something else. */
const NAMES = [
  'a',
  'b',
  '-rf',
  '--',
  '-',
  ' ',
  'two words',
  "it's",
  '"',
  '$HOME',
  '`id`',
  '$(id)',
  'back\\slash',
  '\\',
  'line\nend',
  '\n',
  'ends\n',
  'return\r',
  'tab\t',
  '*',
  '?',
  '[a]',
  '!',
  '(',
  ')',
  ';',
  '&',
  '|',
  '<',
  '~',
  '#',
  '=',
  '%s%n',
  '...',
  'ünï©ode',
  '日本語',
  '🚢',
  'e\u0301',
  '\u0001',
  '\u007f',
  '\u0081\u0088',
  'x'.repeat(101),
  'y'.repeat(255),
  'ö'.repeat(120),
  '.nx',
  'ok',
  'do',
  'a/b',
];

const name = fc.constantFrom(...NAMES);
const path = fc
  .array(name, { minLength: 1, maxLength: 4 })
  .map((names) => names.join('/'));
const text = fc.oneof(
  fc.string({ maxLength: 20 }).map((content) => `file ${content}`),
  fc.string({ maxLength: 20 }).map((content) => `executable ${content}`),
  fc.constantFrom('link a', 'link ../..', 'link /etc', 'link -x', 'link \n'),
);
const tree: fc.Arbitrary<Tree> = fc
  .array(fc.tuple(path, text), { maxLength: 12 })
  .map((entries) => {
    const files = new Map<string, string>();
    for (const [at, content] of entries) {
      const meets = [...files.keys()].some(
        (other) => other.startsWith(`${at}/`) || at.startsWith(`${other}/`),
      );
      if (!meets) files.set(at, content);
    }
    return Object.fromEntries(files);
  });

describe.each(SHELLS)('in a container with %s', (_name, shell) => {
  const container = useContainer(shell);
  const { open, place, write, save } = container;

  it('stands what was saved, as it is', async () => {
    save({ 'a.js': 'file a', 'b/run': 'executable b', 'b/at': 'link ../a.js' });
    const { states } = await open().apply(
      batch({ writes: ['a.js', 'b/run', 'b/at'].map((at) => write(at)) }),
    );
    const expected = {
      'a.js': 'file a',
      'b/run': 'executable b',
      'b/at': 'link ../a.js',
    };
    expect(container.look()).toEqual(withFolders(expected));
    expect(Object.fromEntries(states)).toEqual(
      Object.fromEntries(
        Object.entries(expected).map(([at, content]) => [
          place(at).path,
          stateOf(content),
        ]),
      ),
    );
  });

  it('one file has its mode, and is newer than what it replaces', async () => {
    save({ 'a.sh': 'file a' });
    container.plant({ 'a.sh': 'file old' });
    const { mtimeMs } = statSync(place('a.sh').path);
    chmodSync(container.folder.at('workspace/src/a.sh'), 0o750);
    await open().apply(batch({ writes: [write('a.sh')] }));
    const now = statSync(place('a.sh').path);
    expect(now.mode & 0o777).toBe(0o750);
    expect(now.mtimeMs).toBeGreaterThan(mtimeMs);
  });

  it('whatever the names and trees, there is what is desired and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(tree, { minLength: 1, maxLength: 4 }),
        async (trees) => {
          container.clear();
          const link = open();
          let before: Tree = {};
          for (const after of trees) {
            save(after);
            const changed = Object.keys(after).filter(
              (at) => before[at] !== after[at],
            );
            const gone = Object.keys(before).filter((at) => !(at in after));
            const { states } = await link.apply(
              batch({
                writes: changed.map((at) => write(at)),
                deletes: gone.map(place),
              }),
            );
            expect(container.look()).toEqual(withFolders(after));
            for (const at of changed) {
              const state = states.get(place(at).path);
              expect(state).toBe(stateOf(after[at] ?? ''));
            }
            before = after;
          }
          link.close();
        },
      ),
      { numRuns: 8 },
    );
  }, 60_000);
});

describe('ten thousand files at once', () => {
  const { open, place, write, save, look } = useContainer(['busybox', 'sh']);

  it('are given, and deleted', async () => {
    const tree: Record<string, string> = {};
    for (let count = 0; count < 10_000; count++) {
      tree[`${count % 10}/${count % 200}/file ${count}`] = `file ${count}`;
    }
    save(tree);
    const link = open();
    const paths = Object.keys(tree);
    await link.apply(batch({ writes: paths.map((at) => write(at)) }));
    expect(look()).toEqual(withFolders(tree));
    await link.apply(batch({ deletes: paths.map(place) }));
    expect(look()).toEqual({});
  }, 120_000);
});
