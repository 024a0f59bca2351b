import { setTimeout as sleep } from 'node:timers/promises';
import {
  eventually,
  isAlive,
} from '../../../packages/nx-slipway/src/testing/wait';
import { replaceNx } from './support/replace-nx';
import type { NxEnv } from './support/nx-commands';
import type { NxProcess } from './support/serve-process';
import { ServeStage, deployment } from './support/serve-stage';

/** A press that comes sooner is taken for the one before. Milliseconds. */
const NEXT_PRESS_MS = 600;

/** With them the build hangs, and ignores signals. */
const STAGED = ['apps/app/slow', 'apps/app/stubborn'];

let stage: ServeStage;
let serve: NxProcess;
let hung = 0;

beforeAll(async () => {
  stage = await ServeStage.create();
  await stage.addImage('app');
  await stage.addProject('shop', { 'app.yaml': deployment('app') });
  const { exitCode, output } = await stage.run('deploy', 'shop');
  if (exitCode !== 0) throw new Error(output);
});

afterAll(() => stage.remove());

/** Serves, up to a build that hangs and ignores signals. */
async function hang(env: NxEnv = {}): Promise<number[]> {
  serve = stage.serve('shop', [], env);
  await serve.upToDate();
  for (const file of STAGED) await stage.workspace.write(file, '');
  await stage.save('app', `hangs ${(hung += 1)}\n`);
  const [build = []] = (await stage.held('app', hung)).slice(-1);
  return build;
}

async function expectNothingLeft(build: readonly number[]): Promise<void> {
  await eventually('the end of all', () => serve.processes.length === 0);
  expect(build.some(isAlive)).toBe(false);
  expect(await stage.sockets()).toEqual([]);
  expect(await stage.holder('shop')).toBe('');
}

it('Ctrl-C that is pressed again ends a serve and a build that ignores it', async () => {
  const build = await hang();
  serve.signal('SIGINT');
  await sleep(NEXT_PRESS_MS);
  if (isAlive(serve.pid)) serve.signal('SIGINT');
  await serve.end();
  await expectNothingLeft(build);
  await Promise.all(STAGED.map((file) => stage.workspace.removeFile(file)));
});

it('a terminal that is closed leaves nothing that runs, and the next serve is not held up', async () => {
  // script(1) holds the terminal; `serve.pid` is its own.
  await replaceNx(
    stage.workspace,
    (nx) => `[ -z "$IN_TERMINAL" ] && exec ${nx} "$@"
exec script -qfec "exec ${nx} $*" /dev/null`,
  );
  const build = await hang({ IN_TERMINAL: '1' });
  process.kill(serve.pid, 'SIGKILL');
  // On a terminal Nx ends what it runs by SIGKILL, and asks nobody before.
  await eventually('the end of all', () => serve.processes.length === 0);
  expect(build.some(isAlive)).toBe(false);
  await Promise.all(STAGED.map((file) => stage.workspace.removeFile(file)));
  serve = stage.serve('shop');
  await serve.upToDate();
  expect(await stage.textOf('shop', 'Deployment/app')).toBe(`hangs ${hung}`);
  await serve.stop();
  await expectNothingLeft(build);
});
