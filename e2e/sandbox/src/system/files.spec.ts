import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJson, readText, writeWhole } from './files';

const isAny = (value: unknown): value is { a: number } =>
  typeof value === 'object' && value !== null && 'a' in value;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

it.each(['', '{"a":', '{"b":1}', 'null'])(
  'takes the torn or strange file "%s" for none',
  async (text) => {
    await writeFile(join(folder, 'x'), text);
    expect(await readJson(join(folder, 'x'), isAny)).toBeUndefined();
  },
);

it('writes whole files and leaves nothing beside them', async () => {
  await writeWhole(join(folder, 'deep', 'x'), 'text');
  expect(await readText(join(folder, 'deep', 'x'))).toBe('text');
  expect(await readdir(join(folder, 'deep'))).toEqual(['x']);
});
