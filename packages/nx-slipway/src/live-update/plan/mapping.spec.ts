import fc from 'fast-check';
import { anyLiveUpdate, anyPath } from '../testing/any-live-update';
import { rule, sync } from '../testing/rules';
import { matches, originOf, placeOf, syncOf } from './mapping';

it.each([
  ['app/src', '/srv', 'app/src/a.js', '/srv/a.js', '/srv'],
  ['app/src', '/srv/', 'app/src/b/a.js', '/srv/b/a.js', '/srv'],
  ['app', '/', 'app/a.js', '/a.js', '/'],
  ['', '/srv', 'app/a.js', '/srv/app/a.js', '/srv'],
  ['app/a.js', '/srv/b.js', 'app/a.js', '/srv/b.js', '/srv'],
  ['app/a.js', '/srv/', 'app/a.js', '/srv/a.js', '/srv'],
  ['app/a.js', '/', 'app/a.js', '/a.js', '/'],
  ['app/a.js', '/b.js', 'app/a.js', '/b.js', '/'],
])('%j -> %s brings %s to %s', (from, to, path, at, below) => {
  expect(placeOf(sync(from, to), path)).toEqual({ path: at, below });
});

it('takes a file by the first sync that could', () => {
  const [first, second] = [sync('app/src', '/a'), sync('app', '/b')];
  const of = (path: string) => syncOf({ syncs: [first, second] }, path);
  expect(of('app/src/x')).toBe(first);
  expect(of('app/y')).toBe(second);
  expect(of('apps/y')).toBeUndefined();
});

it('has a rule mean files, folders and globs', () => {
  const lock = rule('app/*.lock');
  expect(matches(lock, 'app/a.lock')).toBe(true);
  expect(matches(lock, 'app/b/a.lock')).toBe(false);
  expect(matches(rule('app/src'), 'app/src/a')).toBe(true);
});

it('finds both that a file and a folder of one name may have meant', () => {
  expect(originOf({ syncs: [sync('conf', '/etc/')] }, '/etc/conf')).toEqual({
    place: { path: '/etc/conf', below: '/etc' },
    sources: ['conf', 'conf/conf'],
  });
  expect(originOf({ syncs: [sync('a', '/etc')] }, '/srv/x')).toBeUndefined();
});

it('finds nothing where an earlier sync takes what would stand there', () => {
  const syncs = [sync('a/b', '/x'), sync('a', '/y')];
  expect(originOf({ syncs }, '/y/b/f')).toBeUndefined();
  expect(originOf({ syncs }, '/y/c')?.sources).toEqual(['a/c']);
});

it('never leads out of its folder, and always back', () => {
  fc.assert(
    fc.property(anyLiveUpdate, anyPath, (liveUpdate, path) => {
      const taker = syncOf(liveUpdate, path);
      if (!taker) return;
      const place = placeOf(taker, path);
      const folder = place.below === '/' ? '/' : `${place.below}/`;
      expect(place.path.startsWith(folder)).toBe(true);
      expect(place.path.split('/').slice(1)).not.toContain('');
      expect(place.path.split('/')).not.toContain('..');
      expect(originOf(liveUpdate, place.path)?.sources).toContain(path);
    }),
  );
});
