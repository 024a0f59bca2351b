import fc from 'fast-check';
import { anyFiles, anyLiveUpdate } from '../testing/any-live-update';
import { liveUpdate, sync } from '../testing/rules';
import { contentOf, isInitial } from './content';
import { syncOf } from './mapping';

const of = (
  syncs: Parameters<typeof contentOf>[0]['syncs'],
  ...paths: string[]
) => {
  const files = new Map(paths.map((path) => [path, 'file 1']));
  const content = contentOf(liveUpdate({ syncs }), files);
  return Object.fromEntries(
    [...content].map(([path, { source }]) => [path, source]),
  );
};

it('is what syncs take, where they bring it', () => {
  expect(of([sync('src', '/app')], 'src/a', 'src/b/c', 'other')).toEqual({
    '/app/a': 'src/a',
    '/app/b/c': 'src/b/c',
  });
});

it('leaves out what is missing', () => {
  const files = new Map([['src/a', 'missing ']]);
  const content = contentOf(liveUpdate({ syncs: [sync('src', '/a')] }), files);
  expect(content.size).toBe(0);
});

it('has the earlier sync win a place, in whatever order files come', () => {
  const syncs = [sync('b', '/app'), sync('a', '/app')];
  expect(of(syncs, 'a/x', 'b/x')).toEqual({ '/app/x': 'b/x' });
});

it.each([
  [['a/x', 'b/x/y'], { '/app/x': 'a/x' }],
  [['a/x/y', 'b/x'], { '/app/x/y': 'a/x/y' }],
])('has no file where another needs a folder: %j', (paths, expected) => {
  const syncs = [sync('a', '/app'), sync('b', '/app')];
  expect(of(syncs, ...paths)).toEqual(expected);
});

it.each([
  [['src/a/b', 'src/a'], { '/app/a': 'src/a' }],
  [['conf/conf', 'conf'], { '/etc/conf': 'conf' }],
])(
  'takes the first by path of what was read at two times: %j',
  (paths, expected) => {
    const syncs = [sync('src', '/app'), sync('conf', '/etc/')];
    expect(of(syncs, ...paths)).toEqual(expected);
  },
);

it('never contradicts itself, and has each file where the first sync brings it', () => {
  fc.assert(
    fc.property(anyLiveUpdate, anyFiles, (rules, files) => {
      const content = contentOf(rules, files);
      for (const [path, entry] of content) {
        expect(files.get(entry.source)).toBe(entry.state);
        const [first] = rules.syncs.filter(
          (one) => syncOf({ syncs: [one] }, entry.source) !== undefined,
        );
        expect(syncOf(rules, entry.source)).toBe(first);
        const folders = path
          .split('/')
          .map((_, end, all) => all.slice(0, end).join('/'));
        for (const folder of folders) expect(content.has(folder)).toBe(false);
      }
      const reversed = new Map([...files].reverse());
      expect(contentOf(rules, reversed)).toEqual(content);
    }),
  );
});

describe('initialSync', () => {
  const rules = liveUpdate({
    syncs: [sync('src', '/app'), sync('conf.map', '/etc/'), sync('', '/all')],
    initialSync: { ignore: ['**/*.map', 'docs'] },
  });
  it.each([
    ['src/a.js', true],
    ['src/b/a.map', false],
    ['src/docs/a', false],
    ['src/b/docs/a', true],
    ['conf.map', true],
    ['docs/x', false],
    ['x', true],
  ])('takes %s: %s', (source, isTaken) => {
    expect(isInitial(rules, { source })).toBe(isTaken);
  });

  it('takes nothing where it is not asked for', () => {
    const none = liveUpdate({ syncs: rules.syncs });
    expect(isInitial(none, { source: 'src/a.js' })).toBe(false);
  });
});
