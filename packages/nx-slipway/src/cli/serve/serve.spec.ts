import { mkdir } from 'node:fs/promises';
import { useServeChildren } from '../../serve/control/testing/serve-children';
import { useTempFolder } from '../../testing/temp-folder';
import { runSlipway } from '../run';
import { recordingTerminal } from '../testing/recording-terminal';

const folder = useTempFolder();
const startChild = useServeChildren();

const env = () => ({ XDG_RUNTIME_DIR: folder.at('run') });
const startServe = (...images: string[]) =>
  startChild(env(), folder.at('shop'), ...images);

beforeEach(async () => {
  await mkdir(folder.at('run'));
  await folder.write({ 'shop/nx.json': '{}', 'shop/apps/web/a': '' });
});

async function slipway(...argv: string[]) {
  const cwd = folder.at('shop', 'apps', 'web');
  const terminal = recordingTerminal({ cwd, env: env() });
  const code = await runSlipway(argv, terminal);
  return { code, text: terminal.printed(), warnings: terminal.warnings };
}

describe.each(['status', 'trigger', 'pause', 'resume'])(
  'slipway %s',
  (command) => {
    it('says how to start a serve where there is none', async () => {
      expect(await slipway(command)).toEqual({
        code: 1,
        text: '',
        warnings: [
          `SLIPWAY_E_NO_SERVE: no nx serve of ${folder.at('shop')} is running.\n  hint: Start one: npx nx serve PROJECT.`,
        ],
      });
    });

    it('wants a workspace', async () => {
      const terminal = recordingTerminal({ cwd: folder.path, env: env() });
      expect(await runSlipway([command], terminal)).toBe(2);
    });
  },
);

describe('slipway status', () => {
  it('shows each serve', async () => {
    const [one, two] = await Promise.all([startServe('api'), startServe()]);
    const { code, text, warnings } = await slipway('status');
    expect([code, warnings]).toEqual([0, []]);
    for (const { pid } of [one, two]) expect(text).toContain(`pid ${pid} ·`);
    expect(text).toMatch(/^IMAGE +STATE +FOR +REF\napi +current +\d+h\d\dm$/m);
  });

  it('is JSON for programs', async () => {
    const { pid } = await startServe('api');
    const { text } = await slipway('status', '--json');
    expect(JSON.parse(text)).toEqual([
      expect.objectContaining({ schema: 1, pid, isPaused: false }),
    ]);
  });
});

describe('slipway trigger', () => {
  it('asks all for what has changed', async () => {
    const [one, two] = await Promise.all([startServe('a'), startServe('b')]);
    const { code, text } = await slipway('trigger');
    await Promise.all([one.says('trigger all'), two.says('trigger all')]);
    expect(code).toBe(0);
    expect(text).toContain(`pid ${one.pid}, is to build what has changed\n`);
  });

  it('asks only who serves the image that is named', async () => {
    const [one, two] = await Promise.all([startServe('a'), startServe('b')]);
    const { code, text } = await slipway('trigger', 'b');
    await two.says('trigger b');
    expect(code).toBe(0);
    expect(text).toBe(`nx serve, pid ${two.pid}, is to build b\n`);
    expect(one.lines).toEqual(['started']);
  });

  it('names what is near an image that nobody serves', async () => {
    await Promise.all([startServe('frontend'), startServe('api')]);
    const { code, warnings } = await slipway('trigger', 'fronted');
    expect(code).toBe(2);
    expect(warnings.join()).toMatch(
      /SLIPWAY_E_USAGE: .*fronted.*\n.*Did you mean frontend\?/,
    );
  });
});

describe('slipway pause and resume', () => {
  it('are asked of all', async () => {
    const { pid, says } = await startServe('api');
    expect((await slipway('pause')).text).toContain(`pid ${pid}, is paused`);
    await says('pause');
    expect((await slipway('status')).text).toContain(' · paused · ');
    expect((await slipway('resume')).text).toBe(
      `nx serve, pid ${pid}, goes on\n`,
    );
    await says('resume');
  });
});

it('one that was killed is no serve', async () => {
  const child = await startServe('api');
  await child.kill();
  expect((await slipway('status')).code).toBe(1);
});

it('one that does not answer is told of, beside those that do', async () => {
  const [one, two] = await Promise.all([startServe('a'), startServe('b')]);
  one.signal('SIGSTOP');
  const { code, text, warnings } = await slipway('status');
  expect(code).toBe(1);
  expect(text).toContain(`pid ${two.pid} ·`);
  expect(warnings[0]).toBe(
    `nx serve, pid ${one.pid}: SLIPWAY_E_NO_SERVE: it has not answered for 5.0s.`,
  );
});
