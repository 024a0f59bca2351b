import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureSandbox, sandboxEnv } from '@nx-slipway/sandbox';
import { execa } from 'execa';
import { buildImage } from '../packages/nx-slipway/src/build';
import { planOf, removeImages, withSystems } from './systems';
import { alternate, table, timed } from './table';

const ROUNDS = 15;

/**
 * One changed file in a busybox image: what a person would script (build, tag,
 * push), beside a build of ours in process, and beside ours when the registry
 * has the image already.
 */
export async function customBuild(): Promise<string> {
  const sandbox = await ensureSandbox();
  const env = { ...process.env, ...sandboxEnv(sandbox) };
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
  const { host } = sandbox.registry;
  const edit = (text: string) => writeFile(join(folder, 'file'), text);
  const shell = (command: string) =>
    execa('sh', ['-c', command], { cwd: folder, env });
  const plan = planOf({
    root: folder,
    name: 'bench-build-ours',
    command: 'docker build -q -t $EXPECTED_REF .',
    host,
  });
  try {
    await writeFile(
      join(folder, 'Dockerfile'),
      'FROM busybox:1.35\nCOPY file /\n',
    );
    return await withSystems(sandbox, folder, async (systems) => {
      const build = () => buildImage(plan, [], systems);
      const samples = await alternate(ROUNDS, {
        'script: build, tag, push': async (round) => {
          await edit(`script ${round} ${folder}`);
          const ref = `${host}/bench-build-script`;
          return timed(() =>
            shell(
              `docker build -q -t bench-build . && docker tag bench-build ${ref}:${round} && docker push -q ${ref}:${round}`,
            ),
          );
        },
        'ours: build, retag, push, record': async (round) => {
          await edit(`ours ${round} ${folder}`);
          return timed(build);
        },
        'the command alone, nothing changed': () =>
          timed(() => shell('docker build -q -t bench-build-alone .')),
        'ours, nothing changed': () => timed(build),
      });
      return table('custom-build of one changed file', samples);
    });
  } finally {
    await shell(removeImages('bench-build'));
    await rm(folder, { recursive: true, force: true });
  }
}
