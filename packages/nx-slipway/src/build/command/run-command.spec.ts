import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { execa } from 'execa';
import { manualClock } from '../../testing/manual-clock';
import { errorOf } from '../../testing/slipway-error';
import { startCommandIn } from '../../testing/start-command';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually, isAlive } from '../../testing/wait';
import type { CommandRun } from './command-run';

const REPOSITORY = join(__dirname, '../../../../..');

const folder = useTempFolder();

const start = (command: CommandRun['command'], more?: Partial<CommandRun>) =>
  startCommandIn(folder.path, command, more);

/** A Node program as an array command. */
function node(code: string, ...args: string[]): string[] {
  return [process.execPath, '-e', code, ...args];
}

async function printedBy(...args: Parameters<typeof start>): Promise<string> {
  const { done, printed } = start(...args);
  await done;
  return printed.stdout;
}

describe('a command', () => {
  it('goes to the shell as a string', async () => {
    expect(await printedBy('echo "$((1+1))" | cat && pwd')).toBe(
      `2\n${folder.path}\n`,
    );
  });

  it('is run as it is as an array', async () => {
    const print = 'console.log(process.argv[1], process.cwd())';
    expect(await printedBy(node(print, '$HOME * "a b"'))).toBe(
      `$HOME * "a b" ${folder.path}\n`,
    );
  });

  it('sees the environment that it is given and no other', async () => {
    process.env.SLIPWAY_TEST_LEAK = 'leak';
    try {
      const env = { PATH: process.env.PATH, GIVEN: 'yes' };
      const echo = 'echo "$GIVEN-$SLIPWAY_TEST_LEAK"';
      expect(await printedBy(echo, { env })).toBe('yes-\n');
    } finally {
      delete process.env.SLIPWAY_TEST_LEAK;
    }
  });

  it('finds its standard input closed, though ours is open', async () => {
    const bootstrap = join(REPOSITORY, 'e2e/sandbox/bootstrap.js');
    const fixture = join(__dirname, '../../testing/run-cat.ts');
    const { stdout } = await execa(process.execPath, [bootstrap, fixture], {
      // Never ended: a command that shared it would wait for more.
      stdin: 'pipe',
      timeout: 60_000,
    });
    expect(stdout).toBe('cat ended');
  });

  it('keeps its two streams apart', async () => {
    const { done, printed } = start('echo out; echo err >&2; printf rest');
    await done;
    expect(printed).toEqual({ stdout: 'out\nrest', stderr: 'err\n' });
  });

  it('shows its lines while it still runs', async () => {
    const { done, printed, abort } = start('echo first; sleep 60');
    await eventually('its first line', () => printed.stdout === 'first\n');
    abort();
    expect((await errorOf(done)).code).toBe('SLIPWAY_E_CANCELLED');
  });

  it('keeps characters whole that chunks cut', async () => {
    const cut =
      'const b = Buffer.from("é😀\\n"); let i = 0;' +
      'const t = setInterval(() => i < b.length' +
      ' ? process.stdout.write(b.subarray(i, ++i)) : clearInterval(t), 1);';
    expect(await printedBy(node(cut))).toBe('é😀\n');
  });
});

describe('secrets in its output', () => {
  it('are masked even where two writes make one', async () => {
    const { done, printed } = start(
      'printf "key=hunt"; sleep 0.1; echo er2-secret; echo hunter2-secret >&2',
      { secrets: ['hunter2-secret'] },
    );
    await done;
    expect(printed).toEqual({ stdout: 'key=***\n', stderr: '***\n' });
  });

  it('are masked in the error too, in the command and its output', async () => {
    const { done } = start('printf hunter2-secret; exit 3', {
      secrets: ['hunter2-secret'],
    });
    const { message } = await errorOf(done);
    expect(message).toContain('"printf ***; exit 3" ended with exit code 3');
    expect(message).toMatch(/Its last lines:\n {4}\*\*\*$/);
    expect(message).not.toContain('hunter2');
  });
});

describe('a command that fails', () => {
  it('is an error with its exit code, folder and last lines', async () => {
    const lines =
      'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "line $i"; done';
    const { done } = start(`${lines}; printf "no newline" >&2; exit 3`);
    const { code, message } = await errorOf(done);
    expect(code).toBe('SLIPWAY_E_COMMAND_FAILED');
    expect(message).toContain(`ended with exit code 3 in ${folder.path}.`);
    expect(message).toContain('    line 12\n');
    expect(message).toContain('    no newline');
    expect(message).not.toContain('    line 2\n');
  });

  it('is said to have printed nothing if so', async () => {
    const { message } = await errorOf(start(node('process.exit(4)')).done);
    expect(message).toMatch(/exit code 4 .* It printed nothing\.$/s);
  });

  it('is named with the signal that ended it', async () => {
    const { message } = await errorOf(start('kill -SEGV $$').done);
    expect(message).toContain('was ended by SIGSEGV (11)');
  });

  it.each<[string, CommandRun['command']]>([
    ['in a string', 'no-such-tool build .'],
    ['as an array', ['no-such-tool', 'build', '.']],
    ['of the project without ./', ['build.sh']],
  ])('is told apart if it was not found: %s', async (_how, command) => {
    await folder.script('build.sh', '#!/bin/sh\n');
    const { code, message } = await errorOf(start(command).done);
    expect(code).toBe('SLIPWAY_E_COMMAND_NOT_FOUND');
    expect(message).toContain(folder.path);
  });

  it('is told apart if its folder does not exist', async () => {
    const dir = folder.at('gone');
    for (const command of ['true', ['true']]) {
      const { code, message } = await errorOf(start(command, { dir }).done);
      expect(code).toBe('SLIPWAY_E_OPTION_INVALID');
      expect(message).toContain(`in ${dir}: that folder does not exist.`);
    }
  });

  it('is told apart if it is a file that is not executable', async () => {
    await folder.write({ 'build.sh': '#!/bin/sh\n' });
    const { code, message, hint } = await errorOf(start(['./build.sh']).done);
    expect(code).toBe('SLIPWAY_E_COMMAND_FAILED');
    expect(message).toContain('could not be started');
    expect(hint).toContain('chmod +x');
  });
});

describe("Docker's builder", () => {
  it('is known to fail when an image goes while it looks at its cache', async () => {
    const printed = `unable to find image "sha256:${'f'.repeat(64)}"`;
    const { done } = start(['sh', '-c', `echo '${printed}' >&2; exit 1`]);
    const { code, hint } = await errorOf(done);
    expect(code).toBe('SLIPWAY_E_COMMAND_FAILED');
    expect(hint).toContain('Run it again');
  });
});

describe('a command that takes too long', () => {
  it('is stopped and says so', async () => {
    const { done } = start('echo waiting; sleep 60', { timeout: 300 });
    const { code, message } = await errorOf(done);
    expect(code).toBe('SLIPWAY_E_COMMAND_TIMEOUT');
    expect(message).toContain('did not end within 300ms');
  });

  it('is not stopped before', async () => {
    await start('true', { timeout: 20_000 }).done;
  });
});

describe('its process group', () => {
  it('is told as soon as it is known', async () => {
    const { done, printed } = start('echo $$; sleep 60', {
      onStart: (group) => void process.kill(-group, 'SIGKILL'),
    });
    expect((await errorOf(done)).message).toContain('SIGKILL');
    expect(printed.stdout).toMatch(/^(\d+\n)?$/);
  });

  it('is the shell itself', async () => {
    const groups: number[] = [];
    const onStart = (group: number) => void groups.push(group);
    expect(await printedBy('echo $$', { onStart })).toBe(`${groups[0]}\n`);
  });

  it('is written down before the run ends', async () => {
    let isWritten = false;
    const onStart = async () => {
      await nextTurn();
      isWritten = true;
    };
    await start('true', { onStart }).done;
    expect(isWritten).toBe(true);
  });

  it('is ended when that fails, which is the error', async () => {
    let group = 0;
    const { done } = start('sleep 60', {
      onStart: async (id) => {
        group = id;
        await nextTurn();
        throw new Error('the disk is full');
      },
    });
    await expect(done).rejects.toThrow('the disk is full');
    expect(isAlive(group)).toBe(false);
  });

  it('is not told of a command that was not started', async () => {
    const onStart = jest.fn();
    await errorOf(start(['no-such-tool'], { onStart }).done);
    expect(onStart).not.toHaveBeenCalled();
  });
});

it('is said to run while it prints nothing, with no secret', async () => {
  const clock = manualClock();
  const { done, lines, abort } = start(`: hunter2-secret; sleep 60`, {
    clock,
    secrets: ['hunter2-secret'],
  });
  await eventually('the heartbeat', () => clock.timers === 1);
  clock.advance(10_000);
  expect(lines).toEqual([
    'still running after 10s, no output for 10s: : ***; sleep 60',
  ]);
  abort();
  await errorOf(done);
  expect(clock.timers).toBe(0);
});
