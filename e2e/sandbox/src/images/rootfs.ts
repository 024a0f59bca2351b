import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../system/run';

/** Lays out busybox as /bin of a small system under `rootfs`. */
export async function layBusybox(rootfs: string): Promise<void> {
  const folders = ['bin', 'etc', 'home', 'root', 'tmp', 'usr/bin', 'var'];
  for (const folder of folders) {
    await mkdir(join(rootfs, folder), { recursive: true });
  }
  await chmod(join(rootfs, 'tmp'), 0o1777);
  await copyFile('/bin/busybox', join(rootfs, 'bin/busybox'));
  await chmod(join(rootfs, 'bin/busybox'), 0o755);
  const applets = (await run(['/bin/busybox', '--list'])).split('\n');
  for (const applet of applets.filter((name) => name !== 'busybox')) {
    await symlink('busybox', join(rootfs, 'bin', applet));
  }
  // Where scripts look for it: `#!/usr/bin/env sh`.
  await symlink('../../bin/env', join(rootfs, 'usr/bin/env'));
  await writeFile(
    join(rootfs, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
  );
  await writeFile(join(rootfs, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
}

const JAVA_HOME = '/opt/java/openjdk';
export const JAVA_PATH = `${JAVA_HOME}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

const MODULES = [
  'java.base',
  'java.logging',
  'java.management',
  'java.naming',
  'java.net.http',
  'java.sql',
  'java.xml',
  'jdk.crypto.ec',
  'jdk.httpserver',
  'jdk.unsupported',
  'jdk.zipfs',
];

/** The shared objects in the answer of `ldd`. */
export function librariesIn(ldd: string): string[] {
  return [
    ...new Set(
      ldd.split('\n').flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? []),
    ),
  ];
}

/** Lays out a small Java runtime and the libraries it loads. */
export async function layJava(rootfs: string): Promise<void> {
  const home = join(rootfs, JAVA_HOME);
  await mkdir(join(rootfs, 'opt/java'), { recursive: true });
  await run([
    ...(['jlink', '--output', home, '--add-modules'] as const),
    MODULES.join(','),
    ...['--strip-java-debug-attributes', '--no-man-pages'],
    ...['--no-header-files', '--compress=2'],
  ]);
  const objects = await run(['find', home, '-name', '*.so']);
  const ldd = await run([
    'ldd',
    join(home, 'bin/java'),
    ...objects.split('\n'),
  ]);
  const own = (file: string) => file.startsWith(home);
  for (const library of librariesIn(ldd).filter((file) => !own(file))) {
    const target = join(rootfs, library);
    await mkdir(join(target, '..'), { recursive: true });
    await copyFile(library, target);
    await chmod(target, 0o755);
  }
}
