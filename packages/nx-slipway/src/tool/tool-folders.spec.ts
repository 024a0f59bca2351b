import { execFile } from 'node:child_process';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import { useTempFolder } from '../testing/temp-folder';
import { toolFolders } from './tool-folders';

const run = promisify(execFile);
const folder = useTempFolder();

/** A stand-in for main.js that tells how it was called. */
async function standIn(name = 'main.js'): Promise<string> {
  await folder.write({
    [name]:
      'process.stdout.write(JSON.stringify([process.execPath, ...process.argv.slice(1)]));',
  });
  return folder.at(name);
}

describe('toolFolders', () => {
  it('gives a slipway that runs this Node with the words as they are', async () => {
    const main = await standIn(`it's a "place" $HOME/main.js`);
    const [bin = ''] = await toolFolders(folder.at('tools'), {}, { main });
    const words = ['image-deploy-ref', "o'ne", 'two words', '$HOME', '*', ''];
    const { stdout } = await run(`${bin}/slipway`, words);
    expect(JSON.parse(stdout)).toEqual([process.execPath, main, ...words]);
  });

  it('gives a stand-in for tilt where there is none', async () => {
    const main = await standIn();
    const env = { PATH: folder.at('empty') };
    const folders = await toolFolders(folder.at('tools'), env, { main });
    expect(folders).toEqual([
      folder.at('tools/bin'),
      folder.at('tools/tilt-shim'),
    ]);
    const { stdout } = await run('tilt', ['dump'], {
      env: { PATH: folders.join(delimiter) },
    });
    expect(JSON.parse(stdout)).toEqual([
      process.execPath,
      main,
      'tilt',
      'dump',
    ]);
  });

  it('leaves the tilt of the user alone', async () => {
    await folder.script('usr/tilt', '#!/bin/sh\n');
    const env = { PATH: folder.at('usr') };
    expect(await toolFolders(folder.at('tools'), env)).toEqual([
      folder.at('tools/bin'),
    ]);
  });

  it('takes no stand-in of another workspace for a tilt', async () => {
    const [, shim = ''] = await toolFolders(folder.at('outer'), {});
    const inner = await toolFolders(folder.at('inner'), { PATH: shim });
    expect(inner).toContain(folder.at('inner/tilt-shim'));
  });

  it.each([
    ['a folder', 'tilt/file'],
    ['a file that is no program', 'tilt'],
  ])('takes %s for no tilt', async (_what, name) => {
    await folder.write({ [`usr/${name}`]: '' });
    const env = { PATH: folder.at('usr') };
    expect(await toolFolders(folder.at('tools'), env)).toHaveLength(2);
  });

  it('writes nothing that stands there already', async () => {
    const tools = folder.at('tools');
    await toolFolders(tools, {});
    const before = await stat(`${tools}/bin/slipway`);
    await toolFolders(tools, {});
    const after = await stat(`${tools}/bin/slipway`);
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  });

  it.each([
    ['another text', (path: string) => writeFile(path, 'torn')],
    ['no right to run', (path: string) => chmod(path, 0o644)],
  ])('mends a slipway with %s', async (_what, damage) => {
    const tools = folder.at('tools');
    const main = await standIn();
    const [bin = ''] = await toolFolders(tools, {}, { main });
    await damage(`${bin}/slipway`);
    await toolFolders(tools, {}, { main });
    const { stdout } = await run(`${bin}/slipway`, ['x']);
    expect(JSON.parse(stdout)).toEqual([process.execPath, main, 'x']);
  });

  it('is whole when many write at once, and leaves nothing beside', async () => {
    const main = await standIn();
    const tools = folder.at('tools');
    await Promise.all(
      Array.from({ length: 20 }, () => toolFolders(tools, {}, { main })),
    );
    expect(await readdir(`${tools}/bin`)).toEqual(['slipway']);
    expect(await readFile(`${tools}/bin/slipway`, 'utf8')).toMatch(/"\$@"\n$/);
  });

  it('leaves out what it cannot write, and says why', async () => {
    await folder.write({ 'tools/bin': 'a file in the way' });
    const warnings: string[] = [];
    const warn = (line: string) => void warnings.push(line);
    expect(await toolFolders(folder.at('tools'), {}, { warn })).toEqual([
      folder.at('tools/tilt-shim'),
    ]);
    expect(warnings).toEqual([expect.stringMatching(/slipway .*ENOTDIR/)]);
  });
});
