import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readText } from './system/files';
import { readProcess } from './system/process';
import { waitUntil } from './system/wait';

/** Stands in for npm, so that a kill can be placed in the middle of it. */
const NPM = `#!/bin/sh
echo $$ > pid
echo "$@" >> calls
rm -rf node_modules && mkdir -p node_modules/@swc-node/register
while [ -e hold ]; do sleep 0.05; done
echo >> finished
echo > node_modules/@swc-node/register/index.js
`;

describe('bootstrap', () => {
  let root = '';
  const at = (file: string) => join(root, file);
  const calls = async () => (await readText(at('calls')))?.trim().split('\n');

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'slipway-bootstrap-'));
    await mkdir(at('e2e/sandbox'), { recursive: true });
    await mkdir(at('bin'));
    const bootstrap = join(__dirname, '../bootstrap.js');
    await cp(bootstrap, at('e2e/sandbox/bootstrap.js'));
    await writeFile(at('bin/npm'), NPM);
    await chmod(at('bin/npm'), 0o755);
    await writeFile(at('package-lock.json'), '{}');
    await writeFile(at('main.ts'), 'console.log(...process.argv.slice(2))');
  });
  afterEach(() => rm(root, { recursive: true }));

  function start() {
    const args = [at('e2e/sandbox/bootstrap.js'), 'main.ts', 'a', '--b'];
    const child = spawn(process.execPath, args, {
      env: { PATH: `${at('bin')}:${process.env['PATH']}` },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const out: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    const ended = once(child, 'close').then(() =>
      Buffer.concat(out).toString(),
    );
    return { child, ended };
  }

  it('installs once for a lock file, however many start at once', async () => {
    const outs = await Promise.all([start().ended, start().ended]);
    expect(outs).toEqual(['a --b\n', 'a --b\n']);
    expect(await calls()).toEqual(['ci --prefer-offline --no-audit --no-fund']);
    await writeFile(at('package-lock.json'), '{ "changed": true }');
    await start().ended;
    expect(await calls()).toHaveLength(2);
  });

  it('installs again after it was killed in the middle', async () => {
    await writeFile(at('hold'), '');
    const { child, ended } = start();
    await waitUntil(async () => (await calls())?.length === 1, 30_000);
    child.kill('SIGKILL');
    await ended;
    // That npm has ended with it, and so cannot meet the next.
    const npm = Number(await readText(at('pid')));
    expect(await waitUntil(async () => !(await readProcess(npm)), 30_000)).toBe(
      true,
    );
    await rm(at('hold'));
    expect(await readText(at('finished'))).toBeUndefined();
    expect(await start().ended).toBe('a --b\n');
    expect(await calls()).toHaveLength(2);
  });
});
