import { join } from 'node:path';
import {
  buildImage,
  type BuildPlan,
  type BuildSystems,
  type CurrentImage,
} from '../../../../packages/nx-slipway/src/build';
import { withBuildSystems } from '../../../../packages/nx-slipway/src/executors/build-systems';
import { parseReference } from '../../../../packages/nx-slipway/src/image';
import { Secrets } from '../../../../packages/nx-slipway/src/report';
import { parseRegistry } from '../../../../packages/nx-slipway/src/settings';
import {
  recordingReporter,
  type RecordingReporter,
} from '../../../../packages/nx-slipway/src/testing/recording-reporter';

export interface HereBuild {
  /** The workspace root, absolute. */
  readonly root: string;
  readonly host: string;
  readonly name: string;
  readonly command: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly plan?: Partial<BuildPlan>;
  /** Wraps what the build talks to. */
  readonly around?: (systems: BuildSystems) => BuildSystems;
}

export interface BuiltHere {
  readonly image: CurrentImage;
  readonly reporter: RecordingReporter;
}

/** A build in this process, as the executor does it, without Nx around. */
export async function buildHere(build: HereBuild): Promise<BuiltHere> {
  const { root, around = (systems) => systems } = build;
  const reporter = recordingReporter();
  const { signal } = new AbortController();
  const parts = {
    root,
    env: { ...process.env, ...build.env },
    reporter,
    secrets: new Secrets({}),
    signal,
    kill: signal,
  };
  const image = await withBuildSystems(parts, (systems) =>
    buildImage(planOf(build), [], around(systems)),
  );
  return { image, reporter };
}

function planOf({ root, host, name, command, plan }: HereBuild): BuildPlan {
  const recordFile = join(root, `.nx/slipway/${name}.json`);
  return {
    root,
    imageName: parseReference(name),
    command,
    dir: root,
    env: {},
    deps: { root, deps: [], ignore: [], outputs: [recordFile] },
    facts: {
      dir: '',
      envInputs: {},
      store: '',
      tag: '',
      output: '',
      naming: 'escape',
      singleName: '',
      pluginVersion: 'test',
    },
    platform: { os: 'linux', architecture: 'amd64' },
    store: 'docker',
    source: { kind: 'expected' },
    imageDeps: [],
    registry: parseRegistry(host, 'registry'),
    push: true,
    pin: 'both',
    tagPrefix: 'nx',
    keep: 5,
    recordFile,
    ...plan,
  };
}
