import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { librariesIn } from '../images/rootfs';
import { layoutOf } from '../layout';
import { goIsEnough } from './build';
import { missingIn } from './packages';
import {
  CLUSTER_TOOLS,
  KO,
  KUBERNETES,
  moduleFolder,
  toolFolder,
  versionIn,
} from './tools';

it.each([
  ['go1.24.0', true],
  ['go1.26.8', true],
  ['go2.0', true],
  ['go1.23.9', false],
  ['', false],
])('takes Go "%s" for enough: %s', (version, enough) => {
  expect(goIsEnough(version)).toBe(enough);
});

it.each([KUBERNETES, KO, ...CLUSTER_TOOLS])(
  'builds $name with the oldest Go we take',
  (tool) => {
    const goMod = readFileSync(join(moduleFolder(tool), 'go.mod'), 'utf8');
    expect(goMod).toMatch(/^go 1\.24/m);
    const version = versionIn(goMod, tool.module);
    expect(version).toMatch(/^v\d+\.\d+\.\d+$/);
    expect(toolFolder(layoutOf('default', '/cache'), tool)).toContain(
      `/cache/tools/${tool.name}-${version.slice(1)}-`,
    );
  },
);

it('reads a version from both forms of require', () => {
  expect(versionIn('require a/b v1.2.3\n', 'a/b')).toBe('v1.2.3');
  expect(versionIn('require (\n\ta/b v1.2.3 // indirect\n)', 'a/b')).toBe(
    'v1.2.3',
  );
});

it('misses packages that dpkg does not know or has half installed', () => {
  const answer = 'runc installed\netcd-server half-configured\n';
  expect(missingIn(answer, ['runc', 'etcd-server', 'socat'])).toEqual([
    'etcd-server',
    'socat',
  ]);
});

it('finds the libraries a program loads, the loader included', () => {
  const ldd = `/x/libjvm.so:
\tlinux-vdso.so.1 (0x00007ffd)
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f1)
\t/lib64/ld-linux-x86-64.so.2 (0x00007f2)
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f3)
`;
  expect(librariesIn(ldd)).toEqual([
    '/lib/x86_64-linux-gnu/libc.so.6',
    '/lib64/ld-linux-x86-64.so.2',
  ]);
});
