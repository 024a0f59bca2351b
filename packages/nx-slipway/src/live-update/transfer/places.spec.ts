import { assertPlaces, foldersDownTo } from './places';
import { batch } from './testing/container';

const asserting =
  (path: string, below: string, source = 'a') =>
  () =>
    assertPlaces(batch({ writes: [{ path, below, source, state: 'file 1' }] }));

describe('places', () => {
  it.each([
    ['/app/a', '/app'],
    ['/app/-rf/ b', '/app'],
    ['/a', '/'],
    ['/app/..a', '/app'],
  ])('%j is below %j', (path, below) => {
    expect(asserting(path, below)).not.toThrow();
  });

  it.each([
    ['/app', '/app'],
    ['/app/', '/app'],
    ['/application/a', '/app'],
    ['/app/../etc/passwd', '/app'],
    ['/app/./a', '/app'],
    ['/app//a', '/app'],
    ['/app/a/..', '/app'],
    ['app/a', 'app'],
    ['/app/a', '/app/'],
    ['/app/../a', '/app/..'],
    ['/app/a\0', '/app'],
  ])('%j is not below %j, and nothing of it is sent', (path, below) => {
    expect(asserting(path, below)).toThrow('is no place below');
  });

  it.each(['../a', '/etc/passwd', 'a/../../b', './a', ''])(
    '%j is no source',
    (source) => {
      expect(asserting('/app/a', '/app', source)).toThrow('is no source');
    },
  );
});

it('knows the folders between, the upper ones first', () => {
  expect(foldersDownTo('/app/a/b', '/app')).toEqual(['/app/a', '/app/a/b']);
  expect(foldersDownTo('/app', '/app')).toEqual([]);
  expect(foldersDownTo('/a/b', '/')).toEqual(['/a', '/a/b']);
  expect(foldersDownTo('', '/')).toEqual([]);
});
