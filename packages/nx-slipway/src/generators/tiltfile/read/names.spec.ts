import { shown } from './testing/read-text';

const last = (text: string) =>
  shown(text)
    .at(-1)
    ?.replace(/^\d+: /, '');

it.each([
  [`a = 'x'\nb = a + 'y'\nf(b)`, 'f("xy")'],
  [`a, b = 'x', 'y'\nf(b, a)`, 'f("y", "x")'],
  [`(a, b) = ['x', 'y']\nf(b, a)`, 'f("y", "x")'],
  [`a = 'x'\na = 'y'\nf(a)`, 'f("y")'],
  [
    `a = ['x']\na += ['y']\na.append('z')\na.extend(['w'])\nf(a)`,
    'f(["x", "y", "z", "w"])',
  ],
  [`a = {}\na['x'] = 1\na.update({'y': 2})\nf(a)`, 'f({"x": 1, "y": 2})'],
  [`a = k8s_yaml\na('x')`, 'k8s_yaml("x")'],
  [`if True:\n  a = 'x'\nelse:\n  a = 'y'\nf(a)`, 'f("x")'],
  [`a = 'x'\ndef g():\n  f(a)`, '[def 2] f("x")'],
  [`def g():\n  f(a)\na = 'x'`, '[def 1] f("x")'],
  [`def g(p):\n  a = 'x'\n  f(a)`, '[def 1] f("x")'],
])('follows the names of %j', (text, expected) => {
  expect(last(text)).toBe(expected);
});

it.each([
  [`if c:\n  a = 'x'\nf(a)`, 'a is set in an if (line 1)'],
  [
    `a = 'w'\nif c: a = 'x'\nelif d: a = 'y'\nelse: a = 'z'\nf(a)`,
    'a is set in an if (line 4)',
  ],
  [`a = []\nfor x in y:\n  a.append('x')\nf(a)`, 'a is set in a loop (line 2)'],
  [`a = 0\nwhile c:\n  f(a)\n  a += 1`, 'a is set in a loop (line 2)'],
  [`for x in a:\n  f(x)`, 'x is set in a loop (line 1)'],
  [
    `a = []\ndef g():\n  a.append('x')\ng()\nf(a)`,
    'a is changed in a def (line 3)',
  ],
  [`a = 'x'\ndef g():\n  f(a)\na = 'y'`, 'a is set more than once'],
  [
    `a = ['x']\na.append(b, c)\nf(a)`,
    'a is changed by what is known in a run only (line 2)',
  ],
  [
    `a = ['x']\nb = a\na.append('y')\nf(b)`,
    'b is another name of a, and one of them is changed',
  ],
  [
    `a, b = g()\nf(b)`,
    'b is taken out of what is known in a run only (line 1)',
  ],
  [
    `a = [1, 2]\na[0] = 3\nf(a)`,
    'a is taken out of what is known in a run only (line 2)',
  ],
  [`a = 'x'\na -= 1\nf(a)`, '- is worked out in a run'],
])('knows that a run decides the names of %j', (text, why) => {
  const calls = shown(text);
  expect(calls.filter((call) => call.includes(' f(')).at(-1)).toContain(
    `f(?${why})`,
  );
});

it('says of calls in blocks what they stand in', () => {
  expect(
    shown(`if a:
  f(1)
elif b:
  if c:
    f(2)
else:
  for x in y:
    f(3)
def g():
  def h():
    f(4)
if 'a' == 'b':
  f(5)
else:
  f(6)`),
  ).toEqual([
    '2: [if 1] f(1)',
    '5: [if 3] [if 4] f(2)',
    '8: [if 6] [for 7] f(3)',
    '11: [def 9] [def 10] f(4)',
    '13: [if 12] f(5)',
    '15: f(6)',
  ]);
});
