import { existsSync, readdirSync, statSync } from 'node:fs';
import { useTempFolder } from '../testing/temp-folder';
import { readKept, writeKept } from './kept';

const folder = useTempFolder();
const file = () => folder.at('data/kept');
const read = () => readKept(file())?.toString();

it('is read as it was written, by the user alone', () => {
  expect(read()).toBeUndefined();
  writeKept(file(), 'one');
  expect(read()).toBe('one');
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  writeKept(file(), 'another');
  expect(read()).toBe('another');
});

it('is no error where it cannot be kept, and leaves nothing half written', async () => {
  await folder.write({ 'data/kept/x': 'a folder in its place' });
  expect(() => writeKept(file(), '')).not.toThrow();
  expect(readdirSync(folder.at('data'))).toEqual(['kept']);
  expect(() => writeKept(folder.at('data/kept/x/y'), '')).not.toThrow();
  expect(existsSync(folder.at('data/kept/x'))).toBe(true);
});
