import { slipwayError } from '../testing/slipway-error';
import { parseArguments, type Arguments } from './arguments';

const SYNTAX = {
  name: 'slipway try',
  words: ['REF'],
  flags: { json: { type: 'boolean' }, registry: { type: 'string' } },
} as const;

const parse = (...args: string[]) => parseArguments(args, SYNTAX);
const misuse = (why: RegExp) => slipwayError('SLIPWAY_E_USAGE', why);

describe('parseArguments', () => {
  it('reads words and options in any order', () => {
    const args = parse('--json', 'web:1', '--registry=a:1') as Arguments;
    expect(args.words).toEqual(['web:1']);
    expect(args.isSet('json')).toBe(true);
    expect(args.text('registry')).toBe('a:1');
    expect(args.text('json')).toBeUndefined();
  });

  it('takes a word in brackets if it is there', () => {
    const syntax = { ...SYNTAX, words: ['REF', '[TAG]'] };
    const wordsOf = (...args: string[]) =>
      (parseArguments(args, syntax) as Arguments).words;
    expect(wordsOf('web')).toEqual(['web']);
    expect(wordsOf('web', 'v1')).toEqual(['web', 'v1']);
    expect(() => wordsOf()).toThrow(misuse(/takes REF \[TAG\], but got none/));
    expect(() => wordsOf('a', 'b', 'c')).toThrow(misuse(/but got "a" "b" "c"/));
  });

  it('takes an empty value for a value, which means none', () => {
    const args = parse('web', '--registry', '') as Arguments;
    expect(args.text('registry')).toBe('');
  });

  it('takes all for words after --', () => {
    expect((parse('--', '--json') as Arguments).words).toEqual(['--json']);
  });

  it.each([['--help'], ['-h'], ['--json', '--help', 'a', 'b']])(
    'is asked for help by %s',
    (...args) => expect(parse(...args)).toBe('help'),
  );

  it.each([
    [[], /takes REF, but got none/],
    [['a', 'b'], /takes REF, but got "a" "b"/],
    [['a', '--registry'], /--registry/],
    [['a', '--registry', '--json'], /--registry/],
    [['a', '--json=1'], /--json/],
    [['a', '--jsno'], /no option --jsno/],
    [['a', '-x'], /no option -x/],
    [['a', '--__proto__'], /no option --__proto__/],
    [['a', '--toString'], /no option --toString/],
  ])('refuses %j', (args, why) => {
    expect(() => parse(...args)).toThrow(misuse(why));
  });

  it.each([
    ['--regsitry', /--registry/],
    ['--xyz', /slipway try --help/],
  ])('names what is near %s', (flag, hint) => {
    expect(() => parse('a', flag)).toThrow(
      expect.objectContaining({
        hint: expect.stringMatching(hint) as string,
      }) as Error,
    );
  });
});
