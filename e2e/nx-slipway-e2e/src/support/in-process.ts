import {
  buildImage,
  type BuildPlan,
  type BuildSystems,
  type CurrentImage,
} from '../../../../packages/nx-slipway/src/build';
import { withBuildSystems } from '../../../../packages/nx-slipway/src/executors/build-systems';
import { Secrets } from '../../../../packages/nx-slipway/src/report';
import { defaultPlan } from '../../../../packages/nx-slipway/src/testing/build-plan';
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

function planOf(build: HereBuild): BuildPlan {
  const platform = { os: 'linux', architecture: 'amd64' };
  return { ...defaultPlan(build), platform, ...build.plan };
}
