import type { WatchedTree } from '../watch';
import { Watched } from './watched';

function stage() {
  const asked: string[][] = [];
  const watched = new Watched({
    watch: (trees) => {
      asked.push(trees.map(({ path }) => path));
      return Promise.resolve();
    },
    close: () => undefined,
  });
  const tree = (path: string): WatchedTree => ({ path });
  return { asked, watched, tree };
}

describe('what is watched', () => {
  it('is what each wants last, and no more what nobody wants', async () => {
    const { asked, watched, tree } = stage();
    const [one, other] = [{}, {}];
    await watched.watch([
      [one, Promise.resolve([tree('/a')])],
      [other, Promise.resolve([tree('/b')])],
    ]);
    watched.forget(other);
    await watched.watch([[one, Promise.resolve([tree('/c')])]]);
    expect(asked).toEqual([['/a', '/b'], ['/c']]);
  });

  it('is nothing of who was forgotten while it was looked for', async () => {
    const { asked, watched, tree } = stage();
    const who = {};
    const found = watched.watch([[who, Promise.resolve([tree('/a')])]]);
    watched.forget(who);
    await found;
    expect(asked).toEqual([[]]);
  });

  it('is found for others, too, when it cannot be found for one', async () => {
    const { asked, watched, tree } = stage();
    const first = watched.watch([[{}, Promise.reject(new Error('no'))]]);
    const second = watched.watch([[{}, Promise.resolve([tree('/a')])]]);
    await expect(first).rejects.toThrow('no');
    await second;
    expect(asked).toEqual([['/a']]);
  });
});

it('concerns who wants a path, a folder above it, or one in it', async () => {
  const { watched } = stage();
  const who = {};
  const prunes = (folder: string) => folder === '/w/a/out';
  await watched.watch([[who, Promise.resolve([{ path: '/w/a', prunes }])]]);
  const wanted = ['/w', '/w/a', '/w/a/src/x'];
  const paths = new Set([...wanted, '/w/a/out/deep/x', '/w/b']);
  expect(watched.of(who, paths)).toEqual(wanted);
});
