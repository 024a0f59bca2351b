import { readText, showCall, shown } from './testing/read-text';

it('reads the files that are included where they are, with folders of their own', () => {
  const { calls, files, notes } = readText(
    `f(1)\ninclude('./apps/shop/Tiltfile')\ninclude('apps/shop/Tiltfile')\nf(3)`,
    {
      'apps/shop/Tiltfile': `include('../web/Tiltfile')\nf(2)`,
      'apps/web/Tiltfile': `k8s_yaml('web.yaml')`,
    },
  );
  expect(calls.map(showCall)).toEqual([
    '1: f(1)',
    'apps/web/Tiltfile:1: k8s_yaml("web.yaml")',
    'apps/shop/Tiltfile:2: f(2)',
    '4: f(3)',
  ]);
  expect(calls.map(({ dir }) => dir)).toEqual([
    '',
    'apps/web',
    'apps/shop',
    '',
  ]);
  expect(files).toEqual([
    'Tiltfile',
    'apps/shop/Tiltfile',
    'apps/web/Tiltfile',
  ]);
  expect(notes).toEqual([]);
});

it('says of an included file that only a run includes it', () => {
  expect(
    shown(`if a:\n  include('x/Tiltfile')`, { 'x/Tiltfile': 'f()' }),
  ).toEqual(['x/Tiltfile:1: [if 1] f()']);
});

it.each([
  [`include('a/Tiltfile')`, 'a/Tiltfile: there is no such file'],
  [`include('../Tiltfile')`, '../Tiltfile is outside the workspace'],
  [`include('/etc/Tiltfile')`, '/etc/Tiltfile is outside the workspace'],
  [`include(x)`, 'x is set nowhere before'],
  [`include(local('x'))`, 'which file it is, is known in a run only'],
  [`include('Tiltfile')`, 'Tiltfile includes itself in the end'],
  [`include('b/Tiltfile')`, 'Tiltfile includes itself in the end'],
  [`load('b/one', 'two')`, 'two is not set in what is loaded'],
])('does not read %s, and says why', (text, why) => {
  const { notes } = readText(text, {
    'b/Tiltfile': `include('../Tiltfile')`,
    'b/one': `one = 1`,
  });
  expect(notes).toMatchObject([{ kind: 'load', why }]);
});

it('knows the names of extensions, whatever they are called here', () => {
  expect(
    shown(`load('ext://restart_process', 'docker_build_with_restart', build='custom_build_with_restart')
docker_build_with_restart('a', '.', entrypoint='/a')
build('b', 'make')
again = build
again('c', 'make')`),
  ).toEqual([
    '2: ext://restart_process:docker_build_with_restart("a", ".", entrypoint="/a")',
    '3: ext://restart_process:custom_build_with_restart("b", "make")',
    '5: ext://restart_process:custom_build_with_restart("c", "make")',
  ]);
});

it('takes constants and functions out of a file that is loaded, and its calls', () => {
  const { calls } = readText(
    `load('./lib.star', 'registry', mine='service', lost='lost')
docker_build(registry + '/a', '.')
mine(*x)
f(lost)`,
    {
      'lib.star': `registry = 'gcr.io/acme'
if x: lost = 1
default_registry(registry)
def service(name):
  k8s_resource(name)`,
    },
  );
  expect(calls.map(showCall)).toEqual([
    'lib.star:3: default_registry("gcr.io/acme")',
    'lib.star:5: [def 4] k8s_resource(?name is what the def is called with)',
    '2: docker_build("gcr.io/acme/a", ".")',
    '3: mine(?x is set nowhere before)',
    '4: f(?lost is set in an if (line 2))',
  ]);
  expect(calls[3]?.definedAt).toEqual({ file: 'lib.star', line: 4, column: 1 });
});
