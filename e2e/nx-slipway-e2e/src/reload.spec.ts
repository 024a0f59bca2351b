import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../../packages/nx-slipway/src/testing/wait';
import { PrepareWorkspace } from './support/prepare-workspace';

let workspace: PrepareWorkspace;
beforeAll(async () => {
  workspace = await PrepareWorkspace.create();
});
afterAll(() => workspace.remove());

const PROJECT = 'apps/web/project.json';

interface Targets {
  readonly 'custom-build': { readonly options: { readonly command: string } };
}
const commandOf = async (reloaded: Promise<Targets>) =>
  (await reloaded)['custom-build'].options.command;
const reload = () => workspace.ask<Targets>('reload', 'web');

async function setCommand(command: string): Promise<void> {
  const project = JSON.parse(await workspace.read(PROJECT)) as {
    targets: Targets;
  };
  Object.assign(project.targets['custom-build'].options, { command });
  await workspace.write(PROJECT, JSON.stringify(project));
}

const invalid = (message: RegExp) =>
  expect.objectContaining({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: expect.stringMatching(message) as unknown,
  }) as unknown as Error;

/** Breaks a file for as long as `look` takes. */
async function whileItIs(
  path: string,
  broken: string | undefined,
  look: () => Promise<void>,
): Promise<void> {
  const before = await workspace.read(path);
  await workspace.delete(path);
  if (broken !== undefined) await workspace.write(path, broken);
  await look().finally(() => workspace.write(path, before));
}

describe('reading the project graph again', () => {
  it('sees each edit at once, says nothing and keeps nothing', async () => {
    await reload();
    const before = await workspace.ask<Usage>('usage');
    for (let count = 1; count <= 20; count++) {
      await setCommand(`build ${count}`);
      expect(await commandOf(reload())).toBe(`build ${count}`);
    }
    const after = await workspace.ask<Usage>('usage');
    expect(after.handles).toEqual(before.handles);
    expect(after.heap / before.heap).toBeLessThan(1.1);
    expect(workspace.printed).toBe('');
  });

  it.each<[string, string, string | undefined, RegExp]>([
    [
      'project.json is broken',
      PROJECT,
      '{ "name": "web",\n  "targets": { }}}',
      /apps\/web\/project\.json at 2:18/,
    ],
    [
      'project.json makes no sense',
      PROJECT,
      '{ "name": "web", "targets": { "build": "tsc" } }',
      /created from apps\/web\/project\.json/,
    ],
    [
      'two projects have its name',
      'libs/lib/project.json',
      '{ "name": "web" }',
      /apps\/web[^]*libs\/lib|libs\/lib[^]*apps\/web/,
    ],
    ['nx.json is broken', 'nx.json', '{ "plugins": [,,] }', /nx\.json at 1:/],
    [
      'nx.json names a plugin that is not there',
      'nx.json',
      '{ "plugins": ["ghost"] }',
      /Could not load plugin ghost/,
    ],
    [
      'a plugin ends the process',
      'nx.json',
      '{ "plugins": ["./tools/leave.js"] }',
      /ended with exit code 7, reading the project graph again/,
    ],
    [
      'the project is gone',
      PROJECT,
      undefined,
      /^the project web is gone: no project is in apps\/web\.$/,
    ],
  ])(
    'tells that %s, and goes on once that is mended',
    async (_, path, broken, message) => {
      await workspace.write('tools/leave.js', 'process.exit(7);\n');
      await whileItIs(path, broken, () =>
        expect(reload()).rejects.toEqual(invalid(message)),
      );
      expect(await commandOf(reload())).toMatch(/^build/);
    },
  );

  it('takes no graph that another Nx began to make before the edit', async () => {
    await reload();
    await workspace.write('tools/wait.js', WAITS);
    const plugins = '{ "analytics": false, "plugins": ["./tools/wait.js"] }';
    await whileItIs('nx.json', plugins, async () => {
      await setCommand('before');
      const other = spawn(
        process.execPath,
        [require.resolve('nx/bin/nx.js'), 'show', 'projects'],
        { cwd: workspace.root, env: workspace.env, stdio: 'ignore' },
      );
      const ended = once(other, 'exit');
      await eventually('its start', () => workspace.has('tools/begun'));
      await setCommand('after');
      const reloaded = reload();
      await eventually('it waiting', () =>
        isLockAwaited('.nx/workspace-data/project-graph.lock'),
      );
      await workspace.write('tools/go', '');
      expect(await commandOf(reloaded)).toBe('after');
      await ended;
    });
  });
});

interface Usage {
  readonly heap: number;
  readonly handles: readonly string[];
}

/** Makes no graph before it is let go on. */
const WAITS = `
const { existsSync, writeFileSync } = require('node:fs');
// After all project.json have been read.
exports.createDependencies = async () => {
  writeFileSync('tools/begun', '');
  while (!existsSync('tools/go')) await new Promise((r) => setTimeout(r, 20));
  return [];
};
`;

/** Whether a process waits for a lock on a file of that name (proc(5)). */
function isLockAwaited(name: string): boolean {
  const { ino } = statSync(join(workspace.root, name));
  return readFileSync('/proc/locks', 'utf8')
    .split('\n')
    .some((line) => line.includes('->') && line.includes(`:${ino} `));
}
