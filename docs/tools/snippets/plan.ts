import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planBuild } from '../../../packages/nx-slipway/src/executors/custom-build/options';
import type { CustomBuildExecutorSchema } from '../../../packages/nx-slipway/src/executors/custom-build/schema';
import { workspaceOf } from '../../../packages/nx-slipway/src/executors/workspace';
import { executorContext } from '../../../packages/nx-slipway/src/testing/executor-context';

const PROJECT = 'apps/app';

/**
 * What custom-build itself refuses of options that its schema lets through:
 * contradictions, a sync of what is in no deps.
 */
export function wrongPlan(
  options: Readonly<Record<string, unknown>>,
): string[] {
  const root = mkdtempSync(join(tmpdir(), 'slipway-docs-'));
  const targets = { 'custom-build': { options } };
  try {
    mkdirSync(join(root, PROJECT), { recursive: true });
    // Where the executor looks for what Nx has replaced in the options.
    writeFileSync(
      join(root, PROJECT, 'project.json'),
      JSON.stringify({ targets }),
    );
    const registry = 'localhost:5000';
    const context = executorContext({
      root,
      nxJson: { plugins: [{ plugin: 'nx-slipway', options: { registry } }] },
      projects: { app: { root: PROJECT, targets: { 'custom-build': {} } } },
      edges: {},
    });
    planBuild(
      options as unknown as CustomBuildExecutorSchema,
      workspaceOf(context),
      {
        platform: 'linux',
        arch: 'x64',
        env: {},
        pluginVersion: '0.0.0',
      },
    );
    return [];
  } catch (error) {
    return [(error as Error).message];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
