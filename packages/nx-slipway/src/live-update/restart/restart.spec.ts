import { eventually } from '../../testing/wait';
import { restartScript, supervised } from '.';
import { Contained, canContain, useShells } from './testing/contained';

const DONE = { code: 0, said: '' };
/** Says TERM, and what to do then. */
const onTerm = (then: string) =>
  `trap "${then}" TERM; echo started; while :; do sleep 0.01; done`;
const count = (it: Contained, line: RegExp) =>
  it.running().filter((each) => line.test(each)).length;

const inContainers = canContain() ? describe : describe.skip;

const shells = useShells();
const started: Contained[] = [];
afterEach(() => {
  for (const each of started.splice(0)) each.end();
});

function start(
  argv: string[],
  env: NodeJS.ProcessEnv,
  by?: string[],
): Contained {
  const contained = new Contained(argv, env, by);
  started.push(contained);
  return contained;
}

inContainers.each(shells)('supervised by $name', ({ folder, env }) => {
  const startScript = (script: string, by?: string[]) =>
    start(['sh', '-c', script], env, by);

  it('a process starts again, as the only one', async () => {
    const it = startScript('echo "is $$"; exec sleep 60');
    const [, before] = await it.says(/is (\d+)/);
    expect(await it.run(restartScript)).toEqual(DONE);
    const [, after] = await it.says(/is (\d+)/, 2);
    expect(after).not.toBe(before);
    await eventually('it alone', () => count(it, /^sleep 60$/) === 1);
    expect(count(it, /./)).toBe(2);
  });

  it('starts again where it is not the first, without what it left', async () => {
    const it = startScript('sleep 61 & echo started; exec sleep 60', [
      ...['sh', '-c', '"$@" & wait', 'sh'],
    ]);
    await it.says(/started/);
    expect(await it.run(restartScript)).toEqual(DONE);
    await it.says(/started/, 2);
    await eventually('one of each', () => count(it, /^sleep 6[01]$/) === 2);
  });

  it('is not told what the process tells its own group', async () => {
    const it = startScript('trap : TERM; kill -TERM 0; exec sleep 60');
    await eventually('the last of it', () => count(it, /^sleep 60$/) === 1);
    expect(await it.run(restartScript)).toEqual(DONE);
  });

  it('ends as its process ends', async () => {
    const scripts = ['exit 0', 'exit 7', 'exit 127', 'kill -KILL $$'];
    const ends = scripts.map((each) => startScript(each).ended);
    expect(await Promise.all(ends)).toEqual([0, 7, 127, 137]);
  });

  it('says what cannot be started, and ends as a shell does', async () => {
    const it = start(['no-such-program'], env);
    expect(await it.ended).toBe(127);
    expect(it.said).toContain('no-such-program');
  });

  it('passes on signals', async () => {
    const signals = 'HUP INT QUIT USR1 USR2 ALRM WINCH TERM'.split(' ');
    const script = `
      for (const name of ${JSON.stringify(signals)})
        process.on('SIG' + name, () => console.log('got', name));
      console.log('ready');
      setInterval(() => undefined, 1000);`;
    const it = start([process.execPath, '-e', script], env);
    await it.says(/ready/);
    for (const name of signals) {
      await it.run(`kill -${name} 1`);
      await it.says(new RegExp(`got ${name}$`));
    }
    expect(it.said.match(/got/g)).toHaveLength(signals.length);
  });

  it('ends by TERM as the process ends by it', async () => {
    // At once: the shell may hear of both in one moment.
    const atOnce = 'trap "exit 5" TERM; echo started; while :; do :; done';
    const scripts = ['echo started; exec sleep 60', atOnce, atOnce, atOnce];
    const ends = scripts.map(async (script) => {
      const it = startScript(script);
      await it.says(/started/);
      await it.run('kill -TERM 1');
      return it.ended;
    });
    expect(await Promise.all(ends)).toEqual([143, 5, 5, 5]);
  });

  it('gives it the environment, byte for byte', async () => {
    const given = {
      ...env,
      'spring.profiles.active': 'dev',
      'with-lines': 'a\nb=c\n\n',
      LINES: ' \na\\n$HOME\n* "\'\n',
      EMPTY: '',
      IFS: 'x',
      PWD: '/not/here',
      OLDPWD: '',
      UID: '7',
      RANDOM: '7',
      PPID: '7',
    };
    const it = start(['cat', '/proc/self/environ'], given);
    await it.ended;
    const pairs = Object.entries(given).map((pair) => pair.join('='));
    expect(it.said.split('\0').filter(Boolean).sort()).toEqual(pairs.sort());
  });

  it('gives it its arguments and the input', async () => {
    const args = [
      ...['', ' a  b ', '\n', '-n', '$HOME', '*', "'", '"', '\\n', 'é'],
    ];
    const script = 'printf "<%s>" "$@"; cat';
    const it = start(['sh', '-c', script, '', ...args], env);
    it.write('typed\n');
    expect(await it.ended).toBe(0);
    const shown = args.map((each) => `<${each}>`).join('');
    expect(it.said).toBe(`${shown}typed\n`);
  });

  it('gives it the three descriptors, and none more', async () => {
    const it = startScript('echo "is $$"; exec sleep 60');
    const [, pid] = await it.says(/is (\d+)/);
    const { said } = await it.run(`echo /proc/${pid}/fd/[0-9]`);
    expect(said.match(/\d+\b(?!\/)/g)).toEqual(['0', '1', '2']);
  });

  it('buries orphans', async () => {
    const orphan = 'sh -c "sleep 0.02 & echo orphan"';
    const it = startScript(`${orphan}; ${orphan}; exec sleep 60`);
    await it.says(/orphan/, 2);
    await eventually('no other', () => count(it, /./) === 2);
  });

  it('tells what the process has left to end, too', async () => {
    const it = startScript(
      `sh -c '${onTerm('echo left; exit')}' & setsid sleep 61 & wait`,
    );
    await it.says(/started/);
    expect(await it.run(restartScript)).toEqual(DONE);
    await it.says(/left/);
    await it.says(/started/, 2);
    await eventually('one of each', () => count(it, /^sleep 61$/) === 1);
  });

  it('starts once for all who ask at once', async () => {
    const it = startScript(onTerm('sleep 0.2; exit'));
    await it.says(/started/);
    const asked = [1, 2, 3].map(() => it.run(restartScript));
    expect(await Promise.all(asked)).toEqual([DONE, DONE, DONE]);
    await it.says(/started/, 2);
    expect(it.said.match(/started/g)).toHaveLength(2);
  });

  it('does not start again what is to end', async () => {
    const it = startScript(onTerm('echo asked; sleep 0.1; exit 5'));
    await it.says(/started/);
    const restart = it.run(restartScript);
    await it.says(/asked/);
    await it.run('kill -TERM 1');
    expect(await it.ended).toBe(5);
    expect(it.said.match(/started/g)).toHaveLength(1);
    expect((await restart).code).not.toBe(0);
  });

  it('starts again and again', async () => {
    const often = (times: number) => `
      i=0
      while [ $i -lt ${times} ]; do
        ${restartScript} || exit
        i=$((i + 1))
      done`;
    const it = startScript('echo started; exec sleep 60');
    await it.says(/started/);
    expect(await it.run(often(30))).toEqual(DONE);
    const storm = [1, 2, 3, 4].map(() => it.run(often(5)));
    expect(await Promise.all(storm)).toEqual(storm.map(() => DONE));
    await eventually('no other', () => count(it, /./) === 2);
    await it.run('kill -TERM 1');
    expect(await it.ended).toBe(143);
  });

  it('needs nothing but the shell', async () => {
    const script = 'console.log("started"); setInterval(() => 0, 1000)';
    const it = start([process.execPath, '-e', script], { PATH: folder });
    await it.says(/started/);
    expect(await it.run(restartScript)).toEqual(DONE);
    expect(it.running()).toHaveLength(2);
  });

  it('says so where nobody supervises', async () => {
    const it = startScript('echo started; exec sleep 60');
    await it.says(/started/);
    const other = restartScript.replaceAll('supervisor', 'stranger');
    expect(await it.run(other)).toEqual({
      code: 1,
      said: 'no process here was started by nx-slipway serve\n',
    });
  });
});

inContainers('supervised by any shell', () => {
  it('what does not end is killed, the process or what it has left', async () => {
    const deaf = onTerm('');
    const restarts = shells.flatMap(({ env }) => [
      expectRestart(start(['sh', '-c', deaf], env), 2),
      expectRestart(start(['sh', '-c', `sh -c '${deaf}' & wait`], env), 3),
    ]);
    await Promise.all(restarts);

    async function expectRestart(it: Contained, processes: number) {
      await it.says(/started/);
      expect(await it.run(restartScript)).toEqual(DONE);
      await it.says(/started/, 2);
      await eventually('none more', () => count(it, /trap/) === processes);
    }
  });
});

it('is a command that begins with a shell', () => {
  expect(supervised(['node', 'server.js'])).toEqual([
    'sh',
    '-c',
    expect.stringMatching(/^: nx-slipway supervisor\n/),
    'nx-slipway',
    'node',
    'server.js',
  ]);
});
