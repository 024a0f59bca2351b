import { readText, shown } from './testing/read-text';

it('reads calls with their literals, wherever commas, comments and line ends are', () => {
  const text = `# a shop
docker_build(
  'shop',  # the image
  './shop',
  only=['src', "Dockerfile",],
  build_args={'A': 'b', 'n': 1},
  pull=True, target=None,
)
k8s_yaml('shop.yaml'); k8s_resource('shop', port_forwards=8080)
`;
  const expected = [
    '2: docker_build("shop", "./shop", only=["src", "Dockerfile"], build_args={"A": "b", "n": 1}, pull=true, target=None)',
    '9: k8s_yaml("shop.yaml")',
    '9: k8s_resource("shop", port_forwards=8080)',
  ];
  expect(shown(text)).toEqual(expected);
  expect(shown(text.replaceAll('\n', '\r\n'))).toEqual(expected);
  expect(shown(`\ufeff${text}`)).toEqual(expected);
  expect(shown(text.replaceAll('  ', '\t'))).toEqual(expected);
});

it('gives calls within calls as values', () => {
  expect(
    shown(`docker_build('a', '.', live_update=[
  fall_back_on('package.json'),
  sync('src', '/app/src'),
  run('make', trigger=['Makefile']),
])
k8s_yaml([kustomize('k8s'), helm('chart', values=['v.yaml'])])`),
  ).toEqual([
    '1: docker_build("a", ".", live_update=[fall_back_on("package.json"), sync("src", "/app/src"), run("make", trigger=["Makefile"])])',
    '6: k8s_yaml([kustomize("k8s"), helm("chart", values=["v.yaml"])])',
  ]);
});

it('says where each call and value stands, and how it is written', () => {
  const { calls } = readText(`x = 'a'\nif y:\n  f(x, 'é' + x,\n    g())\n`);
  const [call] = calls;
  expect(call).toMatchObject({
    place: { file: 'Tiltfile', line: 3, column: 3 },
    text: "f(x, 'é' + x,\n    g())",
    within: [{ kind: 'if', place: { line: 2, column: 1 }, text: 'if y:' }],
  });
  expect(call?.args).toMatchObject([
    { value: 'a', text: 'x', place: { line: 3, column: 5 } },
    { value: 'éa', text: "'é' + x", place: { line: 3, column: 8 } },
    { kind: 'call', text: 'g()', place: { line: 4, column: 5 } },
  ]);
});

it('tells of a call once, where another takes its value by a name', () => {
  expect(
    shown(`chart = helm('chart')
more = [chart, kustomize('k8s')]
unused = helm('other')
k8s_yaml(more)
k8s_yaml(chart)`),
  ).toEqual([
    '3: helm("other")',
    '4: k8s_yaml([helm("chart"), kustomize("k8s")])',
    '5: k8s_yaml(helm("chart"))',
  ]);
});

it('finds calls that are no statements of their own', () => {
  expect(
    shown(`x = str(local('a')).strip()
y = [port_forward(p) for p in listdir('ports')]
z = helm('a') if local('b') else helm('c')
w = lambda n: k8s_yaml(n)
def f(a=local('d')):
  return docker_build(a, '.')
if local('e') == '': pass
[docker_build(n, n) for n in z]`),
  ).toEqual([
    '1: local("a")',
    '2: [comprehension 2] port_forward(?p changes from one to the next)',
    '2: [comprehension 2] listdir("ports")',
    '3: [if 3] helm("a")',
    '3: local("b")',
    '3: [if 3] helm("c")',
    '4: [lambda 4] k8s_yaml(?n changes from one to the next)',
    '5: local("d")',
    '6: [def 5] docker_build(?a is what the def is called with, ".")',
    '7: local("e")',
    '8: [comprehension 8] docker_build(?n changes from one to the next, ?n changes from one to the next)',
  ]);
});

it('refuses what is no file, too large or not UTF-8', () => {
  const large = readText('#'.repeat(1024 * 1024 + 1));
  expect(large).toMatchObject({
    calls: [],
    files: [],
    notes: [{ kind: 'refused', why: 'it is larger than 1024 KiB' }],
  });
  const latin = readText(Buffer.from("f('\xe9')", 'latin1') as never);
  expect(latin.notes).toMatchObject([
    { kind: 'refused', why: 'it is not UTF-8', place: { file: 'Tiltfile' } },
  ]);
});

it('reads what it can around what is no Starlark, and says where that is', () => {
  const { calls, notes } = readText(`k8s_yaml('a.yaml')
docker_build('a' 'b' c)
import os
k8s_yaml(f'{x}.yaml')
k8s_yaml('c.yaml')
class A: pass
k8s_yaml('d.yaml'`);
  expect(calls.map(({ text }) => text)).toEqual([
    "k8s_yaml('a.yaml')",
    "docker_build('a' 'b' c)",
    "k8s_yaml(f'{x}.yaml')",
    "k8s_yaml('c.yaml')",
    "k8s_yaml('d.yaml'",
  ]);
  expect(calls[1]?.args).toMatchObject([{ kind: 'computed' }]);
  expect(notes.map(({ place, why }) => `${place.line}: ${why}`).sort()).toEqual(
    [
      '2: it is no Starlark, and Tilt reads nothing of the file',
      '3: Starlark has no such import',
      '4: Starlark has no f-strings',
      '6: Starlark has no such class',
      '7: it is no Starlark, and Tilt reads nothing of the file',
    ],
  );
});
