import { COMMANDS, HELP } from './commands';
import { runSlipway } from './run';
import { recordingTerminal } from './testing/recording-terminal';

async function run(...argv: string[]) {
  const terminal = recordingTerminal();
  const exitCode = await runSlipway(argv, terminal);
  const { warnings } = terminal;
  return { exitCode, printed: terminal.printed(), told: warnings.join('\n') };
}

const texts = Object.entries(COMMANDS).map(([name, { help }]) => [name, help]);

describe('the help', () => {
  it.each([['slipway', HELP], ...texts])(
    'of %s fits in 80 columns and shows an example',
    (name, text) => {
      expect(text?.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(text).toMatch(/\n {2}slipway /);
      expect(text).toMatch(
        new RegExp(`^slipway ${name === 'slipway' ? '' : name}`),
      );
    },
  );

  it.each(Object.entries(COMMANDS))(
    'of %s names all its options',
    (_, command) => {
      for (const flag of Object.keys(command.flags)) {
        expect(command.help).toContain(`--${flag}`);
      }
    },
  );

  it('names all commands', () => {
    for (const name of Object.keys(COMMANDS)) expect(HELP).toContain(name);
  });

  it.each([[['--help']], [['-h']], [['doctor', '--help']]])(
    'goes to standard output for %j',
    async (argv) => {
      const { exitCode, printed, told } = await run(...argv);
      expect([exitCode, told]).toEqual([0, '']);
      expect(printed).toMatch(/^slipway .*\n$/s);
    },
  );

  it.each([
    [[], HELP],
    [['--help'], HELP],
    [['prune'], COMMANDS.prune?.help],
    [['image-deploy-ref', '--json'], COMMANDS['image-deploy-ref']?.help],
  ])('is asked for by a word, too: help %j', async (words, text) => {
    expect(await run('help', ...words)).toEqual({
      exitCode: 0,
      printed: text,
      told: '',
    });
  });

  it('goes to standard error where no command is given', async () => {
    const { exitCode, printed, told } = await run();
    expect([exitCode, printed]).toEqual([2, '']);
    expect(told).toContain('image-deploy-ref REF');
  });
});

it('prints its version', async () => {
  expect((await run('--version')).printed).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it.each([
  [['docter'], /no command "docter".*\n.*Did you mean doctor\?/],
  [['overturn'], /no command "overturn".*\n.*slipway --help/],
  [['__proto__'], /no command "__proto__"/],
  [['help', 'docter'], /no command "docter".*\n.*Did you mean doctor\?/],
  [['--verison'], /no option "--verison".*\n.*--version/],
  [['doctor', '--jsn'], /no option --jsn.*\n.*--json/],
  [['prune', '--keep', '0'], /--keep is "0"/],
  [['prune', '--keep', '1e2'], /--keep is "1e2"/],
  [['prune', '--tag-prefix', 'a/b'], /--tag-prefix is "a\/b"/],
  [
    ['doctor', '--registry', 'a b'],
    /--registry is "a b", which is no registry host\.\n +hint: .*localhost:5000/,
  ],
  [
    ['image-deploy-ref', 'web:1', '--registry', 'http://a.b'],
    /--registry is "h/,
  ],
  [
    ['doctor', '--workspace', '/nowhere'],
    /\/nowhere, where there is no nx\.json/,
  ],
])('ends with 2 for %j', async (argv, told) => {
  const ran = await run(...argv);
  expect(ran.told).toMatch(/^SLIPWAY_E_USAGE: /);
  expect(ran.told).toMatch(told);
  expect([ran.exitCode, ran.printed]).toEqual([2, '']);
});

it('ends with 1 for what is wrong elsewhere', async () => {
  const { exitCode, told } = await run('image-deploy-ref', 'Not/A/Ref');
  expect([exitCode, told]).toEqual([
    1,
    expect.stringMatching(/^SLIPWAY_E_REF_INVALID: /),
  ]);
});

describe('the stand-in for tilt', () => {
  it.each([
    [[]],
    [['up']],
    [['dump']],
    [['dump', 'image-deploy-ref']],
    [['dump', 'image-deploy-ref', '--help']],
    [['dump', 'image-deploy-ref', 'a', 'b']],
    [['dump', 'engine', 'a']],
  ])('says in one line what it is for %j', async (args) => {
    const { exitCode, printed, told } = await run('tilt', ...args);
    expect([exitCode, printed]).toEqual([1, '']);
    expect(told).toMatch(
      /^tilt: .*nx-slipway's stand-in.*image-deploy-ref REF$/,
    );
  });
});
