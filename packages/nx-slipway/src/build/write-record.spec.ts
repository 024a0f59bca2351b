import { mkdir, readFile, readdir } from 'node:fs/promises';
import { serializeRecord, type ImageRecord } from '../image';
import { errorOf } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { readRecord, writeRecord } from './write-record';

const folder = useTempFolder();

const record: ImageRecord = {
  schema: 1,
  name: 'frontend',
  contentId: `sha256:${'a'.repeat(64)}`,
  platform: 'linux/amd64',
  inputHash: `sha256:${'b'.repeat(64)}`,
};
const other: ImageRecord = { ...record, name: 'backend' };

describe('writeRecord', () => {
  it('makes the folders it needs and leaves nothing else', async () => {
    const path = folder.at('.nx/slipway/frontend.json');
    await writeRecord(path, record);
    expect(await readFile(path, 'utf8')).toBe(serializeRecord(record));
    expect(await readdir(folder.at('.nx/slipway'))).toEqual(['frontend.json']);
  });

  it('replaces what was there', async () => {
    const path = folder.at('record.json');
    await folder.write({ 'record.json': 'x'.repeat(10_000) });
    await writeRecord(path, record);
    expect(await readRecord(path)).toEqual(record);
  });

  it('never shows half a record, however many write at once', async () => {
    const path = folder.at('record.json');
    await writeRecord(path, record);
    const seen: unknown[] = [];
    let isWriting = true;
    const reading = (async () => {
      while (isWriting) seen.push(await readRecord(path));
    })();
    for (let round = 0; round < 20; round += 1) {
      await Promise.all([writeRecord(path, record), writeRecord(path, other)]);
    }
    isWriting = false;
    await reading;
    expect(seen.length).toBeGreaterThan(0);
    for (const one of seen) expect([record, other]).toContainEqual(one);
    expect(await readdir(folder.path)).toEqual(['record.json']);
  });

  it.each(['file/record.json', 'folder'])(
    'says where it could not write: %s',
    async (name) => {
      await folder.write({ file: '' });
      await mkdir(folder.at('folder'));
      const { code, message } = await errorOf(
        writeRecord(folder.at(name), record),
      );
      expect(code).toBe('SLIPWAY_E_RECORD_WRITE');
      expect(message).toContain(folder.at(name));
      expect((await readdir(folder.path)).sort()).toEqual(['file', 'folder']);
    },
  );
});

describe('readRecord', () => {
  it('finds none where there is no file', async () => {
    expect(await readRecord(folder.at('gone.json'))).toBeUndefined();
  });

  it('finds none in a file that is no record', async () => {
    await folder.write({ 'record.json': '{"schema":1}' });
    expect(await readRecord(folder.at('record.json'))).toBeUndefined();
  });
});
