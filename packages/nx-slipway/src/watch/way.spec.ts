import { rm } from 'node:fs/promises';
import { useTempFolder } from '../testing/temp-folder';
import { isWithin, rootOf, wayTo } from './way';

const temp = useTempFolder();

/** A way from the folder on: its steps and its end, as named from there. */
function way(path: string) {
  const { steps, end, real } = wayTo(temp.at(path), rootOf(temp.path));
  const name = (absolute: string) => absolute.slice(temp.path.length + 1);
  return {
    steps: steps.map((step) => name(step.path)),
    end,
    real: real === undefined ? undefined : name(real),
  };
}

it('leads to a folder or a file, by each name on it', async () => {
  await temp.write({ 'a/b/file': '' });
  expect(way('a/b')).toEqual({
    steps: ['a', 'a/b'],
    end: 'folder',
    real: 'a/b',
  });
  expect(way('a/b/file')).toEqual({
    steps: ['a', 'a/b', 'a/b/file'],
    end: 'file',
    real: 'a/b/file',
  });
  expect(way('.')).toEqual({ steps: [], end: 'folder', real: '' });
});

it('ends where nothing is, or a file in the place of a folder', async () => {
  await temp.write({ 'a/file': '' });
  expect(way('a/none/deep')).toEqual({
    steps: ['a', 'a/none'],
    end: 'nothing',
  });
  expect(way('a/file/deep')).toEqual({
    steps: ['a', 'a/file'],
    end: 'nothing',
  });
});

it('follows links, and tells each place that could lead elsewhere', async () => {
  await temp.write({ 'real/b/file': '' });
  await temp.link('a/link', '../real');
  await temp.link('real/b/absolute', temp.at('a/link/b/file'));
  expect(way('a/link/b')).toEqual({
    steps: ['a', 'a/link', 'real', 'real/b'],
    end: 'folder',
    real: 'real/b',
  });
  expect(way('a/link/b/absolute').real).toBe('real/b/file');
  await rm(temp.at('real'), { recursive: true });
  expect(way('a/link/b')).toEqual({
    steps: ['a', 'a/link', 'real'],
    end: 'nothing',
  });
});

it('ends in nothing for links that lead in circles', async () => {
  await temp.link('one', 'two');
  await temp.link('two', 'one');
  const { end, steps } = way('one/deep');
  expect(end).toBe('nothing');
  expect(new Set(steps)).toEqual(new Set(['one', 'two']));
});

it('leads through the root by its own name, and outside of it from the top', async () => {
  await temp.write({ 'real/app/file': '', 'other/file': '' });
  await temp.link('root', 'real');
  const root = rootOf(temp.at('root'));
  const inside = wayTo(temp.at('root/app'), root);
  expect(inside.steps.map(({ path }) => path)).toEqual([temp.at('real/app')]);
  const outside = wayTo(temp.at('other'), root);
  expect(outside.real).toBe(temp.at('other'));
  expect(outside.steps[0]?.folder).toBe('/');
});

it('begins at the top for a root that is not there', () => {
  expect(rootOf(temp.at('none'))).toEqual(rootOf());
});

it('a path is within a folder by its whole names', () => {
  expect(isWithin('/a/b', '/a')).toBe(true);
  expect(isWithin('/a', '/a')).toBe(true);
  expect(isWithin('/ab', '/a')).toBe(false);
  expect(isWithin('/a', '/')).toBe(true);
});
