import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endOrphans } from './orphans';

it('ends what carries the mark, in whatever group, and nothing else', async () => {
  const mark = `SLIPWAY_SPEC_${process.pid}`;
  const start = (env: NodeJS.ProcessEnv) =>
    spawn('sleep', ['1000'], { env, detached: true, stdio: 'ignore' });
  const marked = start({ PATH: process.env.PATH, [mark]: '1' });
  const other = start({ PATH: process.env.PATH, OTHER: mark });
  await Promise.all([once(marked, 'spawn'), once(other, 'spawn')]);
  const ended = once(marked, 'exit');

  await endOrphans(mark);

  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(other.exitCode ?? other.signalCode).toBeNull();
  other.kill('SIGKILL');
});
