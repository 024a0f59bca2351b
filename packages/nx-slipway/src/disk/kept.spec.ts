import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { useTempFolder } from '../testing/temp-folder';
import { readKept, writeKept } from './kept';

const folder = useTempFolder();
const file = () => folder.at('data/kept.json');

it('is read as it was written, by the user alone', () => {
  writeKept(file(), { a: [1] });
  expect(readKept(file())).toEqual({ a: [1] });
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  writeKept(file(), 'another');
  expect(readKept(file())).toBe('another');
});

it('what is missing or torn is undefined', () => {
  expect(readKept(file())).toBeUndefined();
  writeKept(file(), {});
  writeFileSync(file(), '{"a": [1');
  expect(readKept(file())).toBeUndefined();
});

it('is no error where it cannot be kept, and leaves nothing half written', async () => {
  await folder.write({ 'data/kept.json/x': 'a folder in its place' });
  expect(() => writeKept(file(), {})).not.toThrow();
  expect(readdirSync(folder.at('data'))).toEqual(['kept.json']);
  expect(() => writeKept(folder.at('data/kept.json/x/y'), {})).not.toThrow();
  expect(existsSync(folder.at('data/kept.json/x'))).toBe(true);
});
