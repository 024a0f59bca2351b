import { sandboxEnv, type Sandbox } from '@nx-slipway/sandbox';
import type { BuildPlan, BuildSystems } from '../packages/nx-slipway/src/build';
import { withBuildSystems } from '../packages/nx-slipway/src/executors/build-systems';
import { Secrets } from '../packages/nx-slipway/src/report';
import {
  defaultPlan,
  type PlanParts,
} from '../packages/nx-slipway/src/testing/build-plan';

/** The defaults, with all of the folder as deps. */
export function planOf(build: PlanParts): BuildPlan {
  const plan = defaultPlan(build);
  const deps = { ...plan.deps, deps: [{ path: build.root }] };
  return { ...plan, deps };
}

/** A command for the shell that takes what a bench made out of Docker. */
export function removeImages(namePrefix: string): string {
  return `docker images --format '{{.Repository}}:{{.Tag}}' | grep -E '(^|/)${namePrefix}' | xargs -r docker rmi`;
}

/** The executor's own systems, silent, with the sandbox as the Docker in force. */
export function withSystems<T>(
  sandbox: Sandbox,
  root: string,
  work: (systems: BuildSystems) => Promise<T>,
): Promise<T> {
  const noop = () => undefined;
  const never = new AbortController().signal;
  return withBuildSystems(
    {
      root,
      env: { ...process.env, ...sandboxEnv(sandbox) },
      reporter: { info: noop, warn: noop, output: noop },
      secrets: new Secrets({}),
      signal: never,
      kill: never,
    },
    work,
  );
}
