import { readText, show } from './testing/read-text';

/** The argument of the last call of a text. */
function valueOf(expression: string, before = ''): string {
  const { calls } = readText(`${before}\nf(${expression})\n`);
  return calls.at(-1)?.args.map(show).join(', ') ?? 'nothing';
}

it.each([
  [`'a"b'`, 'a"b'],
  [`"a'b"`, "a'b"],
  [`'''a\n'b' '''`, "a\n'b' "],
  [`"""a""b"""`, 'a""b'],
  [`r'\\d\\n'`, '\\d\\n'],
  [`R"""\\d"""`, '\\d'],
  [`'\\n\\t\\\\\\'\\x41\\u00e9\\U0001F600\\101\\0'`, "\n\t\\'Aé😀A\0"],
  [`'a\\\nb'`, 'ab'],
  [`'\\d'`, '\\d'],
  [`''`, ''],
])('takes the text %j as Starlark does', (literal, text) => {
  expect(valueOf(literal)).toBe(JSON.stringify(text));
});

it.each([
  [`'a' "b" 'c'`, '"abc"'],
  [`('a'\n + 'b')`, '"ab"'],
  [`'%s:%d%%' % ('a', 3)`, '"a:3%"'],
  [`'%(a)s-%(b)s' % {'a': 1, 'b': True}`, '"1-True"'],
  [`'%s' % None`, '"None"'],
  [`'{}-{}'.format('a', 1)`, '"a-1"'],
  [`'{1}{0}{{}}{name}'.format('a', 'b', name='c')`, '"ba{}c"'],
  [`','.join(['a', 'b'])`, '"a,b"'],
  [`'a b  c'.split()`, '["a", "b", "c"]'],
  [`'a:b'.split(':')[1]`, '"b"'],
  [`' A '.strip().lower()`, '"a"'],
  [`'a-b'.replace('-', '_')`, '"a_b"'],
  [`0x10, 0o17, 1_000, 1.5, -2`, '16, 15, 1000, 1.5, -2'],
  [`(), (1,), (1)`, '[], [1], 1'],
  [`[1] + [2, 3]`, '[1, 2, 3]'],
  [`{'a': 1, 'a': 2}`, '{"a": 2}'],
  [`{'a': {'b': 1}}['a']['b']`, '1'],
  [`{'a': 1}.get('b', 2), {'a': 1}.get('a')`, '2, 1'],
  [`int('8'), int(1.5), int('8', 2)`, '8, 1, ?int() is worked out in a run'],
  [`dict(a=1), list((1, 2)), str(5)`, '{"a": 1}, [1, 2], "5"'],
  [`'a' == 'a', 'a' in ['b'], 'a' not in {'b': 1}`, 'true, false, true'],
  [`1 == True, not ''`, 'false, true'],
  [`'a' or 'b', '' or 'b', 'a' and 'b', None and x`, '"a", "b", "b", None'],
  [`'a' if True else x`, '"a"'],
  [`*['a', 'b'], c`, '"a", "b", ?c is set nowhere before'],
  [`shlex.quote("it's"), shlex.quote('a')`, `"'it'\\"'\\"'s'", "a"`],
  [`TRIGGER_MODE_MANUAL`, '"TRIGGER_MODE_MANUAL"'],
])('needs no run for %s', (expression, expected) => {
  expect(valueOf(expression)).toBe(expected);
});

it('follows paths from where the Tiltfile is', () => {
  const read = (text: string) =>
    readText(`include('apps/shop/Tiltfile')`, {
      'apps/shop/Tiltfile': `f(${text})`,
    }).calls.flatMap(({ args }) => args.map(show));
  expect(read(`os.getcwd(), config.main_dir, __file__`)).toEqual([
    '<apps/shop>',
    '<>',
    '<apps/shop/Tiltfile>',
  ]);
  expect(
    read(`os.path.join(os.getcwd(), '..', 'x'), os.path.join('a', 'b')`),
  ).toEqual(['<apps/x>', '"a/b"']);
  expect(read(`os.path.abspath('src'), os.path.dirname(__file__)`)).toEqual([
    '<apps/shop/src>',
    '<apps/shop>',
  ]);
  expect(read(`os.getcwd() + '/src', '%s/k8s' % os.getcwd()`)).toEqual([
    '<apps/shop/src>',
    '<apps/shop/k8s>',
  ]);
  expect(read(`os.path.join('a', '/b'), os.path.basename('a/b')`)).toEqual([
    '"/b"',
    '"b"',
  ]);
  expect(read(`'cd ' + os.getcwd(), 'cd {}'.format(os.getcwd())`)).toEqual([
    '?+ is of two kinds of values',
    '?it holds the path of a folder, which every machine has its own of',
  ]);
});

it('reads keyword arguments and those of a known dict', () => {
  const text = `common = {'a': 1}\nf(b=2, **common)\nf(**unknown)\nf(*more)`;
  const found = readText(text).calls.map(({ args, named }) => [
    args.map(show),
    [...named].map(([name, value]) => `${name}=${show(value)}`),
  ]);
  expect(found).toEqual([
    [[], ['b=2', 'a=1']],
    [[], ['**=?unknown is set nowhere before']],
    [['?more is set nowhere before'], []],
  ]);
});

it.each([
  [`a`, 'a is set nowhere before'],
  [`local('x') + 'y'`, 'what local() gives is known in a run only'],
  [`str(local('x')).strip()`, 'what local() gives is known in a run only'],
  [`'%s' % os.getenv('A')`, 'what os.getenv() gives is known in a run only'],
  [`os.environ['A']`, 'os.environ is known in a run only'],
  [`[x for x in y]`, 'y is set nowhere before'],
  [`{x: 1 for x in []}`, 'a comprehension is made in a run'],
  [`x for x in y`, 'a comprehension is made in a run'],
  [`lambda: 1`, 'it is a function'],
  [`f'{a}'`, 'Starlark has no f-strings'],
  [`b'a'`, 'it is no text'],
  [`{*a}`, 'Starlark has no such sets'],
  [`'a' if b else 'c'`, 'which of the two it is, a condition decides in a run'],
  [`'%x' % 1`, '%x in it has no plain text to take its place'],
  [`'{0:>3}'.format(1)`, '{0:>3} in it has no plain text to take its place'],
  [`'a'.title()`, '.title() is worked out in a run'],
  [`['a'][3]`, 'it has no such item'],
  [`1 + 'a'`, '+ is of two kinds of values'],
  [`k8s_yaml`, 'k8s_yaml is set nowhere before'],
])('leaves %s to a run, and says why', (expression, why) => {
  expect(valueOf(expression)).toBe(`?${why}`);
});

it('does not grow with what a text doubles over and over', () => {
  const doubled = Array.from({ length: 60 }, () => 'a = a + a').join('\n');
  const why = '?it is larger than any that a person writes';
  expect(valueOf('a', `a = 'x'\n${doubled}`)).toBe(why);
  expect(valueOf('a', `a = ['x']\n${doubled}`)).toBe(why);
  const nested = valueOf('a', doubled.replaceAll('a + a', 'g(a, a)'));
  expect(nested).toContain(why);
  expect(nested.split('g(').length).toBeLessThan(10_000);
  const deep = Array.from({ length: 5000 }, () => 'a = [a]').join('\n');
  expect(valueOf('a', `a = 1\n${deep}`)).toContain(why);
});
