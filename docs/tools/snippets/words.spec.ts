import { commandsOf } from './words';

const words = (script: string) => commandsOf(script).map((one) => one.words);

it.each<[string, string[][]]>([
  ['nx serve shop', [['nx', 'serve', 'shop']]],
  ['a && b || c; d & e | f', [['a'], ['b'], ['c'], ['d'], ['e'], ['f']]],
  ['a # b && c\n# d\ne', [['a'], ['e']]],
  ["a 'b c' \"d \\\" e\"f --x='y z'", [['a', 'b c', 'd \\" ef', '--x=y z']]],
  ['a \\\n  b\nc', [['a', 'b'], ['c']]],
  ['a > b 2>&1 < c d', [['a', 'd']]],
  ['eval $(b c | d) e', [['eval', '$(b c | d)', 'e']]],
  ["cat > a <<'EOF'\nnx x\nEOF\nb", [['cat'], ['b']]],
  ['a#b', [['a#b']]],
  ['', []],
])('reads %j', (script, expected) => {
  expect(words(script)).toEqual(expected);
});

it('tells the line that a command begins on', () => {
  const script = 'a\n\n# b\nc \\\n d\ncat <<X\n1\n2\nX\ne';
  const lines = commandsOf(script).map(({ words: [name], line }) => [
    name,
    line,
  ]);
  expect(lines).toEqual([
    ['a', 0],
    ['c', 3],
    ['cat', 5],
    ['e', 9],
  ]);
});
