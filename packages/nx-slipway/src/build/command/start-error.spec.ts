import { join } from 'node:path';
import { execa } from 'execa';
import { recordingReporter } from '../../testing/recording-reporter';
import { errorOf } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import type { CommandRun } from './command-run';
import { runCommand } from './run-command';
import { startError } from './start-error';

const REPOSITORY = join(__dirname, '../../../../..');
const KIB = 1024;

const folder = useTempFolder();

function runOf(
  command: CommandRun['command'],
  more: Partial<CommandRun> = {},
): CommandRun {
  return {
    command,
    dir: folder.path,
    env: { PATH: process.env.PATH },
    secrets: [],
    signal: new AbortController().signal,
    reporter: recordingReporter(),
    ...more,
  };
}

function failure(...args: Parameters<typeof runOf>) {
  return errorOf(runCommand(runOf(...args)));
}

describe('a command that cannot be started', () => {
  it('is not executable', async () => {
    await folder.write({ 'build.sh': '#!/bin/sh\n' });
    const { code, message, hint } = await failure(['./build.sh']);
    expect(code).toBe('SLIPWAY_E_COMMAND_FAILED');
    expect(message).toBe(
      `"./build.sh" could not be started in ${folder.path}: it is not executable.`,
    );
    expect(hint).toContain('chmod +x');
  });

  it('is not executable, says the shell', async () => {
    await folder.write({ 'build.sh': '#!/bin/sh\n' });
    const { message, hint } = await failure('./build.sh');
    expect(message).toContain('exit code 126');
    expect(hint).toContain('chmod +x');
  });

  it.each(['#!/no/such/interpreter\n', '#!/bin/sh\r\n'])(
    'is there, but what %j names is not',
    async (text) => {
      await folder.script('build.sh', text);
      const { code, message, hint } = await failure(['./build.sh']);
      expect(code).toBe('SLIPWAY_E_COMMAND_NOT_FOUND');
      expect(message).toContain('its first line (#!)');
      expect(hint).toContain('line ends');
    },
  );

  it('has a folder that is none', async () => {
    await folder.write({ file: '' });
    const dir = folder.at('file');
    const { code, message } = await failure('true', { dir });
    expect(code).toBe('SLIPWAY_E_OPTION_INVALID');
    expect(message).toContain(`${dir} is not a folder.`);
  });

  it('has a variable that is too large, of which it tells the name alone', async () => {
    const env = {
      PATH: process.env.PATH,
      LARGE: 'secret'.repeat(30 * KIB),
      MEDIUM: 'm'.repeat(10 * KIB),
      SMALL: 's',
    };
    const { message, hint } = await failure('true', { env });
    expect(message).toContain('The largest: LARGE (180 KiB), MEDIUM (10 KiB).');
    expect(message).not.toContain('secret');
    expect(message).not.toContain('SMALL');
    expect(hint).toContain('in a file');
  });

  it('is too large itself', async () => {
    const { message } = await failure(`echo ${'x'.repeat(200 * KIB)}`);
    expect(message).toContain('the command itself (201 KiB)');
    expect(message.length).toBeLessThan(1000);
  });

  it('holds a byte that no system takes', async () => {
    const { code, message } = await failure(['echo', 'a\0b']);
    expect(code).toBe('SLIPWAY_E_COMMAND_FAILED');
    expect(message).toContain('null bytes');
  });

  it.each([
    ['ETXTBSY', 'another process is still writing it'],
    ['EAGAIN', 'no more processes'],
    ['ENOMEM', 'no memory'],
    ['ENFILE', 'too many open files'],
    ['ENOEXEC', 'format'],
  ])('meets %s', (code, why) => {
    const error = Object.assign(new Error(`spawn ${code}`), { code });
    const told = startError(runOf(['build']), error);
    expect(told.message).toContain(why);
    expect(told.hint).toBeDefined();
    expect(told.cause).toBe(error);
  });

  it('meets what nobody has heard of', () => {
    const told = startError(runOf(['build']), new Error('spawn EWHATEVER'));
    expect(told.message).toContain('spawn EWHATEVER');
  });

  it('finds no file descriptor, nor does the watchdog', async () => {
    const { stdout } = await execa(
      'sh',
      [
        '-c',
        'ulimit -n 100; exec "$@"',
        'sh',
        process.execPath,
        join(REPOSITORY, 'e2e/sandbox/bootstrap.js'),
        join(__dirname, '../../testing/run-without-files.ts'),
      ],
      { timeout: 60_000 },
    );
    const { code, message, warnings } = JSON.parse(stdout) as Record<
      string,
      unknown
    >;
    expect(code).toBe('SLIPWAY_E_COMMAND_FAILED');
    expect(message).toContain('too many open files');
    expect(warnings).toEqual([expect.stringContaining('EMFILE')]);
  });
});

describe('a command that can be started', () => {
  it.each([
    'two words',
    '"quoted" \'twice\'',
    '$(touch made) `touch made` $HOME',
    'two\nlines\r\n',
    '--leading-dash',
    '',
    '*',
    'ünï😀',
    '\\',
  ])('gets %j as it is', async (word) => {
    const reporter = recordingReporter();
    const print = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    const command = [process.execPath, '-e', print, '--', word];
    await runCommand(runOf(command, { reporter }));
    expect(JSON.parse(reporter.printed.stdout)).toEqual([word]);
  });

  it('runs in a folder with any name', async () => {
    const name = 'two words "ünï😀" $(x)\n';
    await folder.write({ [`${name}/file`]: '' });
    const reporter = recordingReporter();
    const dir = folder.at(name);
    await runCommand(runOf('ls', { dir, reporter }));
    expect(reporter.printed.stdout).toBe('file\n');
  });

  it('is run by an executable with any name', async () => {
    const script = await folder.script('my "build" ü', '#!/bin/sh\necho ran\n');
    const reporter = recordingReporter();
    await runCommand(runOf([script], { reporter }));
    expect(reporter.printed.stdout).toBe('ran\n');
  });
});
