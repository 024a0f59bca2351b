import { join } from 'node:path';
import { sandboxEnv, type Sandbox } from '@nx-slipway/sandbox';
import type { BuildPlan, BuildSystems } from '../packages/nx-slipway/src/build';
import { withBuildSystems } from '../packages/nx-slipway/src/executors/build-systems';
import { hostPlatform, parseReference } from '../packages/nx-slipway/src/image';
import { Secrets } from '../packages/nx-slipway/src/report';

/** What differs between the builds of a bench. */
export interface BenchBuild {
  /** Absolute: the workspace, with all of it as deps. */
  readonly root: string;
  readonly name: string;
  readonly command: string;
  /** The registry that is pushed to. */
  readonly host: string;
}

/** A plan as the executor makes it of the defaults. */
export function planOf({ root, name, command, host }: BenchBuild): BuildPlan {
  const recordFile = join(root, `.nx/slipway/${name}.json`);
  return {
    root,
    imageName: parseReference(name),
    command,
    dir: root,
    env: {},
    deps: { root, deps: [{ path: root }], ignore: [], outputs: [recordFile] },
    facts: {
      dir: '',
      envInputs: {},
      store: 'docker',
      tag: '',
      output: '',
      naming: 'escape',
      singleName: '',
      pluginVersion: 'bench',
    },
    platform: hostPlatform(process.arch),
    store: 'docker',
    source: { kind: 'expected' },
    imageDeps: [],
    registry: {
      host,
      hostFromCluster: host,
      singleName: '',
      naming: 'escape',
      insecure: false,
      caFile: '',
    },
    push: true,
    pin: 'both',
    tagPrefix: 'nx',
    keep: 5,
    recordFile,
  };
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
