import { planBuild } from '../../../executors/custom-build/options';
import type { CustomBuildExecutorSchema } from '../../../executors/custom-build/schema';
import { workspaceOf } from '../../../executors/workspace';
import { executorContext } from '../../../testing/executor-context';

/** What the executor makes of the options of the project `web` in `apps/web`. */
export function planned(options: Readonly<Record<string, unknown>>) {
  const context = executorContext({
    root: '/w',
    nxJson: {
      plugins: [
        { plugin: 'nx-slipway', options: { registry: 'registry.test' } },
      ],
    },
    projects: { web: { root: 'apps/web', targets: {} } },
    project: 'web',
  });
  return planBuild(
    // As Nx hands them on.
    JSON.parse(
      JSON.stringify(options).replaceAll('{workspaceRoot}/', ''),
    ) as CustomBuildExecutorSchema,
    workspaceOf(context),
    { platform: 'linux', arch: 'x64', env: {}, pluginVersion: '1.0.0' },
  );
}
