import fc from 'fast-check';
import { anyFiles, anyLiveUpdate } from '../testing/any-live-update';
import { ContainerModel } from '../testing/container-model';
import { liveUpdate, sync } from '../testing/rules';
import type { Content } from '../types';
import { contentOf } from './content';
import { changedPlaces, difference, type States } from './difference';

const ALL = liveUpdate({ syncs: [sync('src', '/app')] });

function statesOf(content: Content): Map<string, string> {
  return new Map([...content].map(([path, { state }]) => [path, state]));
}

/** From files that a container was made of to others. */
function between(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  touched: States = new Map(),
) {
  const base = statesOf(contentOf(ALL, new Map(Object.entries(before))));
  const desired = contentOf(ALL, new Map(Object.entries(after)));
  const changed = changedPlaces(base, desired);
  const found = difference(ALL, { base, touched, changed }, desired);
  return {
    deletes: found.deletes.map(({ path }) => path),
    writes: found.writes.map(({ path }) => path),
    sources: [...found.sources],
    touches: Object.fromEntries(found.touches),
  };
}

it('is nothing where all is held', () => {
  const files = { 'src/a': 'file 1' };
  expect(between(files, files)).toEqual({
    deletes: [],
    writes: [],
    sources: [],
    touches: {},
  });
});

it('writes what is new or other, and deletes what is gone', () => {
  const before = { 'src/a': 'file 1', 'src/b': 'file 1', 'src/c': 'file 1' };
  const after = {
    'src/a': 'executable 1',
    'src/b': 'file 1',
    'src/d': 'file 1',
  };
  expect(between(before, after)).toEqual({
    deletes: ['/app/c'],
    writes: ['/app/a', '/app/d'],
    sources: ['src/a', 'src/c', 'src/d'],
    touches: {
      '/app/a': 'executable 1',
      '/app/c': 'missing ',
      '/app/d': 'file 1',
    },
  });
});

it('deletes nothing in a folder that makes way for a file, and knows that it is gone', () => {
  const found = between(
    { 'src/a/x': 'file 1', 'src/a/y/z': 'file 1' },
    { 'src/a': 'file 1' },
  );
  expect(found).toMatchObject({ deletes: [], writes: ['/app/a'] });
  expect(found.touches).toMatchObject({ '/app/a/y/z': 'missing ' });
  expect(found.sources).toContain('src/a/x');
});

it('deletes a file that makes way for a folder', () => {
  expect(between({ 'src/a': 'file 1' }, { 'src/a/x': 'file 1' })).toMatchObject(
    { deletes: ['/app/a'], writes: ['/app/a/x'] },
  );
});

it('goes by what was touched, not by the image', () => {
  const files = { 'src/a': 'file 1' };
  expect(between(files, files, new Map([['/app/a', 'file 2']])).writes).toEqual(
    ['/app/a'],
  );
  expect(between(files, {}, new Map([['/app/a', 'missing ']])).deletes).toEqual(
    [],
  );
});

it('sends again what is not known, and deletes it again', () => {
  const unknown = new Map([
    ['/app/a', undefined],
    ['/app/gone', undefined],
  ]);
  const files = { 'src/a': 'file 1' };
  expect(between(files, files, unknown)).toMatchObject({
    writes: ['/app/a'],
    deletes: ['/app/gone'],
  });
});

it('sends again what goes with a place that may be a folder', () => {
  const files = { 'src/a/x': 'file 1', 'src/b': 'file 1' };
  expect(between(files, files, new Map([['/app/a', undefined]]))).toMatchObject(
    {
      deletes: ['/app/a'],
      writes: ['/app/a/x'],
    },
  );
});

it('leaves alone what no sync of now brings', () => {
  const touched = new Map([['/etc/passwd', 'file 1']]);
  expect(between({}, {}, touched).deletes).toEqual([]);
});

it('brings any container to any content, whatever is known of it', () => {
  const step = fc.record({
    files: anyFiles,
    /** Which part of the memory is lost before it. */
    forgets: fc.constantFrom(0, 1, 2),
  });
  fc.assert(
    fc.property(
      anyLiveUpdate,
      anyFiles,
      fc.array(step, { minLength: 1, maxLength: 5 }),
      (rules, imageFiles, steps) => {
        const base = statesOf(contentOf(rules, imageFiles));
        const container = new ContainerModel(new Map(base));
        const touched = new Map<string, string | undefined>();
        for (const { files, forgets } of steps) {
          for (const [index, path] of [...touched.keys()].entries()) {
            if (index % 2 < forgets) touched.set(path, undefined);
          }
          const desired = contentOf(rules, files);
          const changed = changedPlaces(base, desired);
          const held = { base, touched, changed };
          const found = difference(rules, held, desired);
          container.apply(found.deletes, found.writes);
          for (const [path, state] of found.touches) touched.set(path, state);
          expect(container.files).toEqual(statesOf(desired));
          const again = difference(rules, held, desired);
          expect([...again.writes, ...again.deletes]).toEqual([]);
        }
      },
    ),
    { numRuns: 500 },
  );
});
