import { delimiter } from 'node:path';
import { formatPlatform, formatReference } from '../image';
import type { Reporter } from '../report';
import { BUILD_CONTEXT, formatBuildContext } from '../settings';
import { contractVariables } from './expected-ref';
import type { BuildPlan, Parent, TaggedReference } from './plan';
import type { BuildSystems } from './systems';

type Env = Readonly<Record<string, string | undefined>>;

export interface CommandEnvironment {
  /** What nx-slipway itself says; array commands may use these. */
  readonly contract: Readonly<Record<string, string>>;
  /** All that the command sees. */
  readonly all: Env;
}

/** What execvp searches where there is no PATH: ours alone would hide `sh`. */
const DEFAULT_PATH = process.platform === 'win32' ? '' : '/usr/bin:/bin';

/** Ours alone: what a shell around us says of them is of another build. */
const CONTRACT_NAME =
  /^(?:EXPECTED_(?:REF|IMAGE|TAG|REGISTRY)|REGISTRY_HOST|(?:SLIPWAY|TILT)_IMAGE_\d+|SLIPWAY_(?:OUTPUT_REF_FILE|BUILD|PLATFORM))$/;

/**
 * The environment of design 2.2: contract variables beat `env`, `env` beats
 * the user's shell. A collision is reported.
 */
export async function commandEnvironment(
  plan: BuildPlan,
  parents: readonly Parent[],
  systems: BuildSystems,
  expected: TaggedReference | undefined,
): Promise<CommandEnvironment> {
  const platform = formatPlatform(plan.platform);
  const contract = {
    ...contractVariables(expected, plan),
    ...parentVariables(parents),
    SLIPWAY_PLATFORM: platform,
    DOCKER_DEFAULT_PLATFORM: platform,
  };
  const { kubeconfig } = systems;
  const own: Env = {
    ...contract,
    ...systems.docker.env,
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
    [BUILD_CONTEXT]: formatBuildContext(plan),
  };
  reportCollisions(plan.env, own, systems.reporter);
  const shell = Object.fromEntries(
    Object.entries(systems.env).filter(([name]) => !CONTRACT_NAME.test(name)),
  );
  const below: Env = { ...shell, ...plan.env };
  const path = pathName(below);
  const user = below[path] ?? DEFAULT_PATH;
  // An empty one would be the current folder.
  const folders = [...(await systems.toolFolders()), user].filter(Boolean);
  return {
    contract,
    all: { ...below, [path]: folders.join(delimiter), ...own },
  };
}

/** Windows writes `Path`, and a second `PATH` beside it would win or lose. */
function pathName(env: Env): string {
  return Object.keys(env).find((name) => /^path$/i.test(name)) ?? 'PATH';
}

function parentVariables(parents: readonly Parent[]): Record<string, string> {
  return Object.fromEntries(
    parents.flatMap(({ ref }, index) => [
      [`SLIPWAY_IMAGE_${index}`, formatReference(ref)],
      // So that scripts written for Tilt run unchanged.
      [`TILT_IMAGE_${index}`, formatReference(ref)],
    ]),
  );
}

function reportCollisions(
  env: Readonly<Record<string, string>>,
  own: Env,
  reporter: Reporter,
): void {
  for (const name of Object.keys(env)) {
    if (Object.hasOwn(own, name)) {
      reporter.warn(
        `env sets ${name}, which nx-slipway sets itself: its own value is used.`,
      );
    }
  }
}
