import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Reporter } from '../../report';
import { errorOf } from '../../testing/slipway-error';
import { manualClock } from '../../testing/manual-clock';
import { recordingReporter } from '../../testing/recording-reporter';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually, isAlive } from '../../testing/wait';
import type { CommandRun } from './command-run';
import { runCommand } from './run-command';

const folder = useTempFolder();
const MB = 1024 * 1024;

function run(
  command: CommandRun['command'],
  more: Partial<CommandRun> = {},
): Promise<void> {
  return runCommand({
    command,
    dir: folder.path,
    env: { PATH: process.env.PATH },
    secrets: ['hunter2-secret'],
    signal: new AbortController().signal,
    reporter: recordingReporter(),
    ...more,
  });
}

async function printedBy(command: CommandRun['command']): Promise<string> {
  const reporter = recordingReporter();
  await run(command, { reporter });
  return reporter.printed.stdout;
}

/** Counts characters, keeps none, and needs a turn for each chunk. */
function slowReporter() {
  const seen = { length: 0, waiting: 0, mostWaiting: 0 };
  const output = async (_stream: string, chunk: string) => {
    seen.length += chunk.length;
    seen.waiting += chunk.length;
    seen.mostWaiting = Math.max(seen.mostWaiting, seen.waiting);
    await nextTurn();
    seen.waiting -= chunk.length;
  };
  return { seen, reporter: { ...recordingReporter(), output } };
}

describe('output', () => {
  it.each([
    ['of many lines', `yes ${'x'.repeat(99)} | head -c ${200 * MB}`, 200],
    ['of one long line', `head -c ${100 * MB} /dev/zero`, 100],
  ])('%s comes no faster than it is taken', async (_of, command, size) => {
    const { seen, reporter } = slowReporter();
    await run(command, { reporter });
    expect(seen.length).toBe(size * MB);
    expect(seen.mostWaiting).toBeLessThan(MB);
  });

  it('that is no UTF-8 is shown as well as can be', async () => {
    expect(await printedBy("printf 'a\\377b\\303'")).toBe('a\ufffdb\ufffd');
  });

  it('keeps its colours and its progress', async () => {
    const progress = '\x1b[32m10%\x1b[0m\r\x1b[2K100%\r\n';
    const command = ['printf', '%s', progress];
    expect(await printedBy(command)).toBe(progress);
  });

  it('is in the error as it was, however long', async () => {
    const command = `head -c ${20 * MB} /dev/zero | tr '\\0' x; printf '\\033[31mred\\r\\n'; exit 1`;
    const { seen, reporter } = slowReporter();
    const { message } = await errorOf(run(command, { reporter }));
    expect(seen.length).toBeGreaterThan(20 * MB);
    expect(message).toMatch(/…x+\x1b\[31mred$/);
    expect(message.length).toBeLessThan(10_000);
  });
});

describe('what a command leaves in the background', () => {
  /** As many bytes as any system keeps for a reader that is late. */
  const BYTES = 60_000;
  let background: number | undefined;

  afterEach(() => {
    if (background !== undefined) process.kill(background, 'SIGKILL');
    background = undefined;
  });

  it('is not waited for when it holds no output', async () => {
    const clock = manualClock();
    const reporter = recordingReporter();
    const quiet = 'sleep 60 >/dev/null 2>&1 & echo $!';
    await run(quiet, { clock, reporter });
    background = Number(reporter.printed.stdout);
    expect(isAlive(background)).toBe(true);
    expect(reporter.warnings).toEqual([]);
  });

  it('is waited for 2 s when it holds the output, then left running', async () => {
    const clock = manualClock();
    const reporter = recordingReporter();
    const done = run('sleep 60 & echo $!', { clock, reporter });
    // Those of the heartbeat and of the wait.
    await eventually('the wait', () => clock.timers === 2);
    background = Number(reporter.printed.stdout);
    clock.advance(1_999);
    expect(clock.timers).toBe(2);
    clock.advance(1);
    await done;
    expect(isAlive(background)).toBe(true);
    expect(reporter.warnings).toEqual([
      expect.stringMatching(/^the command ended, but .* left running/),
    ]);
  });

  it('has its output shown when it ends in that time', async () => {
    expect(await printedBy('(sleep 0.2; echo late) &')).toBe('late\n');
  });

  it('may print without end, and is not waited for', async () => {
    const clock = manualClock();
    const reporter = recordingReporter();
    const done = run('echo $$; exec 2>/dev/null; yes & exit 3', {
      clock,
      reporter: { ...reporter, output: slowReporter().reporter.output },
      onStart: (group) => {
        background = -group;
      },
    });
    await eventually('the wait', () => clock.timers === 2);
    clock.advance(2_000);
    expect((await errorOf(done)).message).toContain('exit code 3');
  });

  it('hides nothing of what came before, however late that is taken', async () => {
    const clock = manualClock();
    const recording = recordingReporter();
    let take = () => {};
    const taken = new Promise<void>((resolve) => (take = resolve));
    const reporter: Reporter = {
      ...recording,
      output(stream, chunk) {
        void recording.output(stream, chunk);
        return taken;
      },
    };
    const done = run(
      `head -c ${BYTES / 2} /dev/zero; sleep 0.1; head -c ${BYTES / 2} /dev/zero; sleep 60 & echo " $!"`,
      { clock, reporter },
    );
    await eventually('the wait', () => clock.timers === 2);
    clock.advance(2_000);
    take();
    await done;
    const [zeros = '', pid] = recording.printed.stdout.split(' ');
    background = Number(pid);
    expect(zeros).toHaveLength(BYTES);
  });
});
