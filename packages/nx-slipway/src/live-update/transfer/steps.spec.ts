import { spawn } from 'node:child_process';
import type { ExecStream } from '../../cluster';
import { SlipwayError } from '../../report';
import { errorOf, slipwayError } from '../../testing/slipway-error';
import type { Run } from '../types';
import type { LinkParts } from './link';
import { batch, useContainer } from './testing/container';
import { localExec } from './testing/local-container';

const step = (script: string): Run => ({
  argv: ['sh', '-c', script],
  written: script,
});

describe('the steps after a sync', () => {
  const { folder, open, write, save, look } = useContainer(['sh']);
  let printed: string[];
  const onOutput: LinkParts['onOutput'] = (run, stream, lines) =>
    printed.push(`${run.written.slice(0, 6)} ${stream} ${lines}`);
  beforeEach(() => (printed = []));

  it('run in their order, once all files stand', async () => {
    save({ a: 'file a' });
    const at = folder.at('app');
    const runs = [step(`cat ${at}/a >${at}/b`), step(`cat ${at}/b >${at}/c`)];
    const applied = await open().apply(batch({ writes: [write('a')], runs }));
    expect(applied.failedRun).toBeUndefined();
    expect(look()).toEqual({ a: 'file a', b: 'file a', c: 'file a' });
    expect(Object.keys(applied.times)).toEqual(['sync', 'run']);
  });

  it('are told of line by line', async () => {
    const run = step(`echo one; printf tw; echo o; printf 'no end' >&2`);
    await open({ onOutput }).apply(batch({ runs: [run] }));
    const said = printed.join('');
    expect(said).toContain('stdout one\n');
    expect(said).toContain('two\n');
    expect(said).toContain('stderr no end');
    expect(said).not.toMatch(/stdout tw$/);
  });

  it('end with the first that fails', async () => {
    const runs = [step('true'), step('exit 3'), step('echo never')];
    const { failedRun } = await open({ onOutput }).apply(
      batch({ runs, restart: true }),
    );
    expect(failedRun).toEqual({ run: runs[1], exitCode: 3 });
    expect(printed).toEqual([]);
  });

  it('that are killed are no failure of theirs', async () => {
    const runs = [step('kill -9 $$')];
    expect(await errorOf(open().apply(batch({ runs })))).toEqual(
      slipwayError(
        'SLIPWAY_E_LIVE_UPDATE',
        /the run `kill -9 \$\$` failed, it was killed \(exit code 137\)\.$/,
      ),
    );
  });

  const saying = (message: string): LinkParts['exec'] => {
    const ended = Promise.reject<{ exitCode: number }>(
      new SlipwayError({ code: 'SLIPWAY_E_CLUSTER_FAILED', message }),
    );
    ended.catch(() => undefined);
    return () => {
      const child = spawn('true', { stdio: 'pipe' });
      return Promise.resolve({ ...child, ended } as unknown as ExecStream);
    };
  };

  it.each([
    ['exec: "npm": executable file not found in $PATH', 127],
    ['exec: "/x": stat /x: no such file or directory', 127],
    ['exec: "/etc/passwd": permission denied', 126],
    ['exec /bin/x: exec format error', 126],
  ])('that are not there have failed: %s', async (message, exitCode) => {
    const run = step('npm ci');
    const link = open({ exec: saying(message), onOutput });
    const { failedRun } = await link.apply(batch({ runs: [run] }));
    expect(failedRun).toEqual({ run, exitCode });
    expect(printed).toEqual([`npm ci stderr ${message}\n`]);
  });

  it('that nobody knows the end of make a build', async () => {
    const link = open({ exec: saying('container not found ("web")') });
    expect(await errorOf(link.apply(batch({ runs: [step('true')] })))).toEqual(
      slipwayError('SLIPWAY_E_LIVE_UPDATE', /container not found/),
    );
  });

  it('have no process start again that is not supervised, and say why', async () => {
    save({ a: 'file a' });
    const error = await errorOf(
      open({ exec: localExec(['sh']) }).apply(
        batch({ writes: [write('a')], restart: true }),
      ),
    );
    expect(error).toEqual(
      slipwayError(
        'SLIPWAY_E_LIVE_UPDATE',
        /restart failed \(exit code 1\): .*was started by nx-slipway/,
      ),
    );
    expect(look()).toEqual({ a: 'file a' });
  });
});
