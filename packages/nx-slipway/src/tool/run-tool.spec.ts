import { existsSync, readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { recordingReporter } from '../testing/recording-reporter';
import { errorOf, slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { eventually, isAlive } from '../testing/wait';
import { runTool, type ToolRun } from './run-tool';

const folder = useTempFolder();
const reporter = recordingReporter();

const runOf = (
  argv: readonly string[],
  more: Partial<ToolRun> = {},
): ToolRun => ({
  argv,
  dir: folder.path,
  env: { PATH: process.env.PATH },
  doing: 'loading web:nx-1',
  code: 'SLIPWAY_E_LOAD',
  reporter,
  secrets: () => [],
  signal: new AbortController().signal,
  ...more,
});
const sh = (script: string, more?: Partial<ToolRun>) =>
  runTool(runOf(['sh', '-c', script], more));

it('gives what it printed on standard output alone', async () => {
  expect(await sh('echo hidden >&2; printf "ä\\n"; echo b')).toEqual(
    Buffer.from('ä\nb\n'),
  );
  expect(reporter.printed.stderr).toBe('');
});

it('shows standard error as it comes if it is asked, secrets masked', async () => {
  const told = recordingReporter();
  const go = folder.at('go');
  const run = sh(
    `echo new hunter22-x >&2; while [ ! -e ${go} ]; do sleep 0.02; done; printf end >&2`,
    { reporter: told, showsStderr: true, secrets: () => ['hunter22-x'] },
  );
  await eventually('its word', () => told.printed.stderr === 'new ***\n');
  await folder.write({ go: '' });
  expect(String(await run)).toBe('');
  expect(told.printed).toEqual({ stdout: '', stderr: 'new ***\nend' });
});

it('passes words as they are, and only the environment it is given', async () => {
  const argv = ['printf', '%s|', '$HOME', '', 'a b', '*'];
  expect(String(await runTool(runOf(argv)))).toBe('$HOME||a b|*|');
  const seen = await sh('echo "[$SEEN$HOME]"', { env: { SEEN: 'x' } });
  expect(String(seen)).toBe('[x]\n');
});

it('fails with its last lines, secrets masked, and the code of the run', async () => {
  const script = 'echo one; echo hunter22-x >&2; exit 3';
  await expect(
    sh(script, { secrets: () => ['hunter22-x'], hint: 'Try again.' }),
  ).rejects.toMatchObject({
    code: 'SLIPWAY_E_LOAD',
    message: expect.stringMatching(
      /ended with exit code 3, loading web:nx-1\. Its last lines:\n( {4}one\n| {4}\*\*\*\n?){2}/,
    ) as unknown,
    hint: 'Try again.',
  });
});

it('says which signal ended it', async () => {
  await expect(sh('kill -9 $$')).rejects.toEqual(
    slipwayError('SLIPWAY_E_LOAD', /was ended by SIGKILL/),
  );
});

it('says that a program is missing, and that a file cannot be run', async () => {
  await expect(runTool(runOf(['no-such-tool']))).rejects.toEqual(
    slipwayError('SLIPWAY_E_TOOL_MISSING', /no-such-tool was not found/),
  );
  await folder.write({ 'load.sh': '#!/bin/sh\n' });
  await expect(runTool(runOf(['./load.sh']))).rejects.toEqual(
    slipwayError('SLIPWAY_E_LOAD', /could not be run \(EACCES\)/),
  );
});

it('does not blame the program for a folder that is not there', async () => {
  await expect(
    runTool(runOf(['true'], { dir: folder.at('none') })),
  ).rejects.toEqual(slipwayError('SLIPWAY_E_LOAD', /could not be run/));
});

it('does not wait for what it leaves behind with its output', async () => {
  const pid = folder.at('pid');
  const printed = await sh(`sleep 60 & echo $! > ${pid}; echo done`);
  expect(String(printed)).toBe('done\n');
  const left = Number(readFileSync(pid, 'utf8'));
  expect(isAlive(left)).toBe(true);
  process.kill(left);
});

it('hears no more of what it leaves behind', async () => {
  const told = recordingReporter();
  const [go, end] = [folder.at('go'), folder.at('end')];
  const printed = await sh(
    `(while [ ! -e ${go} ]; do sleep 0.02; done; echo late >&2; echo late; touch ${end}) & echo done; echo said >&2`,
    { reporter: told, showsStderr: true },
  );
  await folder.write({ go: '' });
  await eventually('its end', () => existsSync(end));
  await nextTurn();
  expect(String(printed)).toBe('done\n');
  expect(told.printed.stderr).toBe('said\n');
});

it('does not wait for one that it may not end', async () => {
  const told = recordingReporter();
  const cancel = new AbortController();
  const pid = folder.at('pid');
  const run = sh(`echo $$ > ${pid}; exec sleep 60`, {
    reporter: told,
    signal: cancel.signal,
  });
  await eventually('its start', () => existsSync(pid));
  const kill = jest.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
  });
  cancel.abort();
  const error = await errorOf(run).finally(() => kill.mockRestore());
  expect(error).toEqual(slipwayError('SLIPWAY_E_CANCELLED'));
  expect(told.warnings).toEqual([
    expect.stringMatching(/^process group \d+ of sh could not be ended/),
  ]);
  process.kill(Number(readFileSync(pid, 'utf8')));
});

it('shows no half of a secret where the last lines are cut', async () => {
  const secret = 'hunter22-hunter23';
  const script = `printf ${secret}; printf '%08184d' 0; exit 1`;
  const error = await errorOf(sh(script, { secrets: () => [secret] }));
  expect(error.message).toMatch(/Its last lines:\n {4}(…|\*)/);
  expect(error.message).not.toContain('hunter23');
});

it('ends its whole group on cancel', async () => {
  const cancel = new AbortController();
  const pid = folder.at('pid');
  const run = sh(`sleep 60 & echo $! > ${pid}; wait`, {
    signal: cancel.signal,
  });
  const child = await eventually('its child', () => {
    try {
      return Number(readFileSync(pid, 'utf8')) || undefined;
    } catch {
      return undefined;
    }
  });
  cancel.abort();
  await expect(run).rejects.toEqual(slipwayError('SLIPWAY_E_CANCELLED'));
  expect(isAlive(child)).toBe(false);
  await expect(sh('true', { signal: cancel.signal })).rejects.toEqual(
    slipwayError('SLIPWAY_E_CANCELLED'),
  );
});

it('says that it still runs once it has taken two seconds', async () => {
  reporter.lines.length = 0;
  await sh('sleep 2.3');
  expect(reporter.lines).toEqual(['still loading web:nx-1, for 2.0s']);
});

it('stops a tool that prints without end', async () => {
  await expect(sh('yes 0123456789 | tr -d "\\n"')).rejects.toEqual(
    slipwayError('SLIPWAY_E_LOAD', /printed more than 64 MiB/),
  );
});
