import { execFileSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { useTempFolder } from '../testing/temp-folder';
import {
  bytesOf,
  entriesOf,
  entryAt,
  isThere,
  linkAt,
  ownEntryAt,
  realPathOf,
  textOf,
} from './looks';

const folder = useTempFolder();

beforeEach(async () => {
  await folder.write({ 'sub/file': 'å', other: '' });
  await folder.link('link', 'sub');
  await folder.link('dangling', 'nowhere');
});

it('tells what lies in a folder, what a file holds and where a link leads', () => {
  const names = entriesOf(folder.path).map(({ name }) => name);
  expect(names.sort()).toEqual(['dangling', 'link', 'other', 'sub']);
  expect(textOf(folder.at('link/file'))).toBe('å');
  expect(bytesOf(folder.at('sub/file'))).toEqual(Buffer.from('å'));
  expect(linkAt(folder.at('link'))).toBe('sub');
  expect(realPathOf(folder.at('link/file'))).toBe(folder.at('sub/file'));
});

it('tells a link from what it leads to', () => {
  expect(entryAt(folder.at('link'))?.isDirectory()).toBe(true);
  expect(ownEntryAt(folder.at('link'))?.isSymbolicLink()).toBe(true);
  expect(entryAt(folder.at('dangling'))).toBeUndefined();
  expect(ownEntryAt(folder.at('dangling'))).toBeDefined();
});

it('what is not there is no error where only that was asked', () => {
  expect(entryAt(folder.at('none/deep'))).toBeUndefined();
  expect(isThere(folder.at('other/below a file'))).toBe(false);
  expect(isThere(folder.at('x'.repeat(10_000)))).toBe(false);
});

it.each([
  ['entries of nothing', () => entriesOf(folder.at('none')), 'ENOENT'],
  ['entries of a file', () => entriesOf(folder.at('other')), 'ENOTDIR'],
  ['bytes of nothing', () => bytesOf(folder.at('none')), 'ENOENT'],
  ['bytes of a folder', () => bytesOf(folder.at('sub')), 'EISDIR'],
  ['the target of a file', () => linkAt(folder.at('other')), 'EINVAL'],
  ['a real path of nothing', () => realPathOf(folder.at('dangling')), 'ENOENT'],
])('%s are refused', (_, ask, code) => {
  let error: unknown;
  try {
    ask();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toHaveProperty('code', code);
});

it('does not wait for who writes into a pipe', () => {
  execFileSync('mkfifo', [folder.at('pipe')]);
  expect(() => bytesOf(folder.at('pipe'))).toThrow(/EISDIR/);
});

it('reads no file that is too large for a manifest', () => {
  truncateSync(folder.at('other'), 64 * 1024 * 1024);
  expect(bytesOf(folder.at('other'))).toHaveLength(64 * 1024 * 1024);
  truncateSync(folder.at('other'), 64 * 1024 * 1024 + 1);
  expect(() => bytesOf(folder.at('other'))).toThrow(/EFBIG/);
});
