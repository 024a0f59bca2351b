import type { NxJsonConfiguration } from '@nx/devkit';
import fc from 'fast-check';
import { relative } from 'node:path';
import { planBuild } from '../executors/custom-build/options';
import { workspaceOf } from '../executors/workspace';
import { depFiles } from '../inputs';
import { SlipwayError } from '../report';
import { executorContext } from '../testing/executor-context';
import { arbitraryBuild, FILES } from './testing/arbitrary-build';
import { build } from './testing/build';
import { hashedFiles } from './testing/nx-inputs';
import { useWorkspace } from './testing/workspace';

const workspace = useWorkspace();

/** The files that the executor reads, relative to the root; none if it refuses. */
async function filesRead(
  root: string,
  options: object,
  nxJson: NxJsonConfiguration,
): Promise<string[]> {
  const context = executorContext({
    root: workspace.path,
    nxJson,
    projects: { app: { root } },
  });
  const here = {
    platform: 'linux' as const,
    arch: 'x64',
    env: {},
    pluginVersion: '1',
  };
  const given = { ref: 'web', command: 'make', ...options };
  try {
    const plan = planBuild(given, workspaceOf(context), here);
    const files = await depFiles(plan.deps);
    return files.map((file) => relative(workspace.path, file));
  } catch (error) {
    if (error instanceof SlipwayError) return [];
    throw error;
  }
}

it('Nx hashes every file that a build is declared to read', async () => {
  await workspace.write(Object.fromEntries(FILES.map((file) => [file, ''])));
  await fc.assert(
    fc.asyncProperty(arbitraryBuild, async (given) => {
      const { root, nested, options, configuration } = given;
      const target = build(options, { configurations: { ci: configuration } });
      const nxJson = { namedInputs: given.namedInputs };
      const project = { name: 'app', targets: { 'custom-build': target } };
      const files = {
        [`${root}/project.json`]: project,
        [`${nested}/project.json`]: { name: 'nested' },
      };
      await workspace.put(files);
      const inferred = workspace.infer({ nxJson })[root];
      workspace.drop(...Object.keys(files));
      const { cache, inputs = [] } = inferred?.targets['custom-build'] ?? {};
      if (!cache) return;
      const hashed = hashedFiles(
        inputs,
        { root },
        {
          roots: [root, nested],
          files: FILES,
          namedInputs: {
            default: ['{projectRoot}/**/*'],
            ...given.namedInputs,
          },
        },
      );
      for (const variant of [options, { ...options, ...configuration }]) {
        const read = await filesRead(root, variant, nxJson);
        const missing = read.filter((file) => !hashed.has(file));
        expect({ inputs, missing }).toEqual({ inputs, missing: [] });
      }
    }),
    { numRuns: 150 },
  );
});
