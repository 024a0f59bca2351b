import { execFileSync } from 'node:child_process';
import {
  mkdir,
  readFile,
  readdir,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { serializeRecord, type ImageRecord } from '../image';
import { errorOf } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { readRecord, writeRecord } from './record-file';

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
    expect(await readRecord(path)).toEqual({ record });
  });

  it('replaces a link, and not what it leads to', async () => {
    await folder.write({ 'elsewhere.json': 'mine' });
    await folder.link('record.json', 'elsewhere.json');
    await writeRecord(folder.at('record.json'), record);
    expect(await readRecord(folder.at('record.json'))).toEqual({ record });
    expect(await readFile(folder.at('elsewhere.json'), 'utf8')).toBe('mine');
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
    for (const one of seen) {
      expect([{ record }, { record: other }]).toContainEqual(one);
    }
    expect(await readdir(folder.path)).toEqual(['record.json']);
  });

  it.each(['file/record.json', 'folder', 'dangling/record.json'])(
    'says where it could not write: %s',
    async (name) => {
      await folder.write({ file: '' });
      await folder.link('dangling', 'gone');
      await mkdir(folder.at('folder'));
      const { code, message } = await errorOf(
        writeRecord(folder.at(name), record),
      );
      expect(code).toBe('SLIPWAY_E_RECORD_WRITE');
      expect(message).toContain(folder.at(name));
      expect((await readdir(folder.path)).sort()).toEqual([
        'dangling',
        'file',
        'folder',
      ]);
    },
  );

  it('says when the place cannot be written at all', async () => {
    // procfs takes no new files, not even from root.
    const { code } = await errorOf(writeRecord('/proc/record.json', record));
    expect(code).toBe('SLIPWAY_E_RECORD_WRITE');
  });
});

describe('readRecord', () => {
  it.each(['gone.json', 'file/record.json'])('finds none at %s', async (at) => {
    await folder.write({ file: '' });
    expect(await readRecord(folder.at(at))).toBeUndefined();
  });

  const text = serializeRecord(record);
  it.each<[string, string, RegExp]>([
    ['empty', '', /no record/],
    ['torn', text.slice(0, 100), /torn/],
    ['foreign', '{"schema":1}', /no record/],
    ['of another schema', text.replace('1', '2'), /no record/],
    ['of wrong types', text.replace('"frontend"', '["frontend"]'), /no record/],
    ['with a path for a name', text.replace('frontend', '../../x'), /no rec/],
    ['with a shell word', text.replace('frontend', '$(reboot)'), /no record/],
    ['with more in it', text.replace('{', '{"x": 1,'), /no record/],
    ['written twice', text + text, /no record/],
    ['with a byte order mark', `\ufeff${text}`, /no record/],
    ['huge', text + ' '.repeat(4096), /longer than 4096 bytes/],
  ])('refuses one that is %s', async (_what, written, why) => {
    await folder.write({ 'record.json': written });
    expect(await readRecord(folder.at('record.json'))).toEqual({
      refused: expect.stringMatching(why) as unknown,
    });
  });

  it('refuses whatever bytes stand in the file, and never throws', async () => {
    const path = folder.at('record.json');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
        await writeFile(path, bytes);
        expect(await readRecord(path)).toHaveProperty('refused');
      }),
      { numRuns: 50 },
    );
  });

  it('reads no more of a huge file than it must', async () => {
    await folder.write({ 'record.json': '' });
    // Sparse: it takes no room, and reading it whole would fail.
    await truncate(folder.at('record.json'), 2 ** 40);
    expect(await readRecord(folder.at('record.json'))).toEqual({
      refused: 'it is longer than 4096 bytes',
    });
  });

  it('opens only a regular file', async () => {
    await writeRecord(folder.at('real.json'), record);
    await symlink('real.json', folder.at('link'));
    await symlink('gone', folder.at('dangling'));
    await mkdir(folder.at('directory'));
    execFileSync('mkfifo', [folder.at('fifo')]);
    const server = createServer().listen(folder.at('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    const found = await Promise.all(
      ['link', 'dangling', 'directory', 'fifo', 'socket']
        .map((name) => folder.at(name))
        .concat('/dev/zero')
        .map(readRecord),
    );
    server.close();
    expect(found).toEqual(
      ['a link', 'a link', 'a directory', 'a FIFO', 'a socket', 'a device'].map(
        (kind) => ({ refused: `it is ${kind}` }),
      ),
    );
  });

  it('says when it may not look', async () => {
    const tooLong = folder.at('x'.repeat(300));
    expect(await readRecord(tooLong)).toEqual({
      refused: expect.stringContaining('ENAMETOOLONG') as unknown,
    });
  });
});
