import { Contained, SHELLS, canContain } from './testing/contained';
import { restartScript } from '.';

const started: Contained[] = [];

afterEach(() => {
  for (const each of started.splice(0)) each.end();
});

const onLinux = canContain() ? describe : describe.skip;

onLinux.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))(
  'a process supervised by %s',
  (_name, shell) => {
    const start = async (
      script: string,
      parts: { env?: Record<string, string>; args?: string[] } = {},
    ) => {
      const argv = ['sh', '-c', script, 'own', ...(parts.args ?? [])];
      const contained = await Contained.start(argv, { shell, ...parts });
      started.push(contained);
      return contained;
    };

    it('starts again when it is asked to, in the same container', async () => {
      const it = await start('echo "started $$"; exec sleep 60');
      const [, before] = await it.says(/started (\d+)\n/);
      expect(await it.run(restartScript)).toEqual({ code: 0, said: '' });
      const [, after] = await it.says(/started \d+\nstarted (\d+)\n/);
      expect(after).not.toBe(before);
      const { said } = await it.run('cat /proc/[0-9]*/comm');
      expect(said.match(/sleep/g)).toHaveLength(1);
    });

    it.each([
      ['exit 7', 7],
      ['exit 127', 127],
      ['kill -KILL $$', 137],
      ['kill -TERM $$', 143],
    ])('ends as it ends: %s', async (script, code) => {
      expect(await (await start(script)).ended).toBe(code);
    });
  },
);
