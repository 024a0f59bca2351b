import { readText, shown } from './testing/read-text';

it('follows a loop through what is known', () => {
  expect(
    shown(`names = ['a', 'b']
for name in names:
  docker_build(name, './%s' % name)
  k8s_yaml(name + '.yaml')
for name, port in {'a': 1, 'b': 2}.items():
  k8s_resource(name, port_forwards=port)
for name in {'c': 3}:
  f(name)
for (a, b) in [(1, 2)]: f(a, b)
f(name)`),
  ).toEqual([
    '3: docker_build("a", "./a")',
    '3: docker_build("b", "./b")',
    '4: k8s_yaml("a.yaml")',
    '4: k8s_yaml("b.yaml")',
    '6: k8s_resource("a", port_forwards=1)',
    '6: k8s_resource("b", port_forwards=2)',
    '8: f("c")',
    '9: f(1, 2)',
    '10: f("c")',
  ]);
});

it.each([
  ['ends early', `for x in ['a']:\n  f(x)\n  break`],
  ['leaves out a round', `for x in ['a']:\n  if y: continue\n  f(x)`],
  ['goes through nothing', `for x in []:\n  f(x)`],
  ['goes through very much', `for x in [${'1,'.repeat(101)}]:\n  f(x)`],
])('tells of a loop that %s as of one that may run', (_, text) => {
  expect(shown(text)).toEqual([
    expect.stringMatching(/: \[for 1\] f\(\?x is set in a loop \(line 1\)\)$/),
  ]);
});

it('follows calls of own functions, with what they are given', () => {
  const { calls } = readText(`registry = 'gcr.io/acme'
def service(name, port=80, *deps, dir='.', **options):
  ref = registry + '/' + name
  docker_build(ref, dir, **options)
  k8s_resource(name, port_forwards=port, resource_deps=deps)
  return helm(name)
chart = service('a', 8080, 'b', dir='./a', target='x')
service('b')
if c:
  service(name='d')
k8s_yaml(chart)`);
  expect(
    calls.map(({ text, calledAt, within }) => [
      text,
      calledAt?.line,
      within.length,
    ]),
  ).toEqual([
    ['docker_build(ref, dir, **options)', 7, 0],
    ['k8s_resource(name, port_forwards=port, resource_deps=deps)', 7, 0],
    ['docker_build(ref, dir, **options)', 8, 0],
    ['k8s_resource(name, port_forwards=port, resource_deps=deps)', 8, 0],
    ['docker_build(ref, dir, **options)', 10, 1],
    ['k8s_resource(name, port_forwards=port, resource_deps=deps)', 10, 1],
    ['k8s_yaml(chart)', undefined, 0],
  ]);
  expect(calls[0]?.args).toMatchObject([
    { value: 'gcr.io/acme/a' },
    { value: './a' },
  ]);
  expect(calls[0]?.named.get('target')).toMatchObject({ value: 'x' });
  expect(calls[3]?.named.get('port_forwards')).toMatchObject({ value: 80 });
  expect(calls.at(-1)?.args).toMatchObject([{ kind: 'call', name: 'helm' }]);
});

it('follows functions that are loaded, in the folder of their file', () => {
  const { calls } = readText(`load('lib/Tiltfile', 'service')\nservice('a')`, {
    'lib/Tiltfile': `def service(name):\n  k8s_yaml(name + '.yaml')`,
  });
  expect(calls).toMatchObject([
    {
      dir: 'lib',
      place: { file: 'lib/Tiltfile', line: 2 },
      calledAt: { file: 'Tiltfile', line: 2 },
      args: [{ value: 'a.yaml' }],
    },
  ]);
});

it.each([
  ['returns early', `def g(a):\n  if a: return\n  f(a)\ng('x')`],
  ['calls itself', `def g(a):\n  f(a)\n  g(a)`],
  ['is called with what is not known', `def g(a):\n  f(a)\ng(*x)`],
  ['is called with too much', `def g(a):\n  f(a)\ng('x', 'y')`],
  ['is called with too little', `def g(a):\n  f(a)\ng()`],
])('tells of a function that %s on its own', (_, text) => {
  const { calls } = readText(text);
  expect(calls.map(({ name }) => name).sort()).toEqual(['f', 'g']);
  expect(calls.find(({ name }) => name === 'f')?.within).toMatchObject([
    { kind: 'def', text: 'def g(a):' },
  ]);
  expect(calls.find(({ name }) => name === 'g')?.definedAt).toMatchObject({
    line: 1,
  });
});

it('comes to an end where functions and loops go on and on', () => {
  const loops = Array.from(
    { length: 12 },
    (_, at) => `${' '.repeat(at)}for x${at} in [1, 2, 3, 4, 5, 6, 7, 8, 9]:`,
  );
  const { calls } = readText(`${loops.join('\n')} f(x1)`);
  expect(calls.length).toBeLessThan(2001);
  const defs = Array.from(
    { length: 30 },
    (_, at) => `def g${at + 1}():\n  g${at}()\n  g${at}()\n`,
  );
  const deep = readText(`def g0(): f()\n${defs.join('')}g30()`);
  expect(deep.calls.length).toBeLessThan(2001);
});

it('makes a list out of what is known', () => {
  expect(
    shown(`ports = [8080, 9090]
k8s_resource('a', port_forwards=[port_forward(p, 80) for p in ports])
k8s_yaml(['%s.yaml' % n for n in ['a', 'b', 'c'] if n != 'b'])
f([n for n in x], [a + b for a in ports for b in ports])`),
  ).toEqual([
    '2: k8s_resource("a", port_forwards=[port_forward(8080, 80), port_forward(9090, 80)])',
    '3: k8s_yaml(["a.yaml", "c.yaml"])',
    '4: f(?x is set nowhere before, ?a comprehension is made in a run)',
  ]);
});

it('loses no file that a function includes, wherever that is called', () => {
  const text = `def g():\n  include('a/Tiltfile')\n  return 'x'\nf(g())`;
  const { calls } = readText(text, { 'a/Tiltfile': `k8s_yaml('a.yaml')` });
  expect(calls.map(({ name }) => name).sort()).toEqual(['f', 'k8s_yaml']);
});

it('takes what own functions give where another call asks for it', () => {
  expect(
    shown(`def image(name, tag='dev'):
  base = 'gcr.io/acme'
  return '%s/%s:%s' % (base, name, tag)
def chart(name):
  return helm('charts/' + name)
def secret(name):
  return blob(local('make ' + name))
def both(name):
  k8s_resource(name)
  return name + '.yaml'
docker_build(image('a'), '.')
k8s_yaml([chart('a'), secret('b')])
k8s_yaml(both('c'))`),
  ).toEqual([
    '9: [def 8] k8s_resource(?name is what the def is called with)',
    '11: docker_build("gcr.io/acme/a:dev", ".")',
    '12: k8s_yaml([helm("charts/a"), blob(local("make b"))])',
    '13: k8s_yaml(both("c"))',
  ]);
});
