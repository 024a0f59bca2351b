import { existsSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { useTempFolder } from '../../../testing/temp-folder';
import { FileHashes } from './file-hashes';

const folder = useTempFolder();
let hashes: FileHashes;
/** Of a second that is over. Milliseconds. */
const SECOND = Math.floor(Date.now() / 1000 - 60) * 1000;

beforeEach(() => {
  hashes = new FileHashes(folder.path);
});

async function write(name: string, time: number): Promise<void> {
  await folder.write({ [name]: '' });
  await utimes(folder.at(name), time / 1000, time / 1000);
}
const writeHashes = (time: number) => write('nx_files.nxt', time);
const areThere = () => existsSync(folder.at('nx_files.nxt'));

/** A run of Nx, over source.ts alone. */
async function run(during: () => Promise<void> = async () => {}) {
  let asked = false;
  const filesOf = () => {
    asked = true;
    return Promise.resolve([folder.at('source.ts'), folder.at('gone.ts')]);
  };
  let hadHashes = false;
  await hashes.around(filesOf, async () => {
    hadHashes = areThere();
    await during();
  });
  return { hadHashes, asked };
}

describe("Nx's hashes of files", () => {
  it('are dropped where a file is of the second in which they were written', async () => {
    await writeHashes(SECOND + 400);
    await write('source.ts', SECOND + 800);
    expect(await run()).toEqual({ hadHashes: false, asked: true });
  });

  it('are dropped where another may have taken long to hash', async () => {
    await writeHashes(SECOND + 400);
    await write('source.ts', SECOND - 5000);
    expect(await run()).toEqual({ hadHashes: false, asked: true });
  });

  it.each([
    ['before', SECOND - 11_000],
    ['in a later second', SECOND + 1000],
  ])('are kept where it was written %s', async (_, time) => {
    await writeHashes(SECOND + 400);
    await write('source.ts', time);
    expect(await run()).toEqual({ hadHashes: true, asked: true });
    // And nobody needs to ask again.
    await write('source.ts', Date.now());
    expect(await run()).toEqual({ hadHashes: true, asked: false });
  });

  it('are kept where a file is older than the run that wrote them', async () => {
    await write('source.ts', Date.now() - 2000);
    await run(() => writeHashes(Date.now() + 1));
    expect(await run()).toEqual({ hadHashes: true, asked: true });
  });

  it('are dropped where a file was saved while a run wrote them', async () => {
    await run(async () => {
      const now = Date.now() + 1;
      await writeHashes(now);
      await write('source.ts', now);
    });
    expect(await run()).toEqual({ hadHashes: false, asked: true });
  });

  it('matter to nobody where there are none', async () => {
    await write('source.ts', SECOND);
    expect(await run()).toEqual({ hadHashes: false, asked: false });
  });
});
