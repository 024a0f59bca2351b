import { posix } from 'node:path';
import { isAtOrBelow } from '../../../inputs';
import type { Call } from '../read';
import {
  asFlag,
  asPathIn,
  asText,
  asTexts,
  asTextsByName,
  commandPath,
  given,
  parentOf,
  quoted,
  type Given,
} from '../values';
import { entry, sharedOptions, TOLD, unmade } from './custom-build';
import { blobText } from './blob-text';
import type { Image, Made, Step } from './types';

/** In Tilt's order, with `cache` that does nothing any more. */
export const DOCKER_PARAMETERS = [
  'ref',
  'context',
  'build_args',
  'dockerfile',
  'dockerfile_contents',
  'cache',
  'live_update',
  'match_in_env_vars',
  'ignore',
  'only',
  'entrypoint',
  'container_args',
  'target',
  'ssh',
  'secret',
  'network',
  'extra_tag',
  'cache_from',
  'pull',
  'platform',
  'extra_hosts',
];

/** By parameter: a flag of `docker build` that takes each of its texts. */
const FLAGS: Readonly<Record<string, string>> = {
  target: '--target',
  ssh: '--ssh',
  secret: '--secret',
  network: '--network',
  platform: '--platform',
  extra_tag: '-t',
  cache_from: '--cache-from',
  extra_hosts: '--add-host',
};

const ONLY_NOTE =
  'only the files of `only` have it built, while the command sees all of its context: a .dockerignore keeps the rest from it';

/** `docker_build(...)`: the command line that does the same. */
export function dockerBuild(call: Call, parameters = DOCKER_PARAMETERS): Made {
  return dockerImage(call, given(call, parameters), 'docker build');
}

/**
 * @param program what builds, with what it is told each time
 * @param more options beside those of the call
 */
export function dockerImage(
  call: Call,
  taken: Given,
  program: string,
  more: Readonly<Record<string, unknown>> = {},
): Made {
  const { dir } = call;
  const ref = taken.take('ref', asText);
  const context = taken.take('context', asPathIn(dir));
  if (!ref || context === undefined) return unmade(call, taken);
  const shared = sharedOptions(taken);
  const only = taken.take('only', asTexts) ?? [];
  const dockerfile = dockerfileOf(ref, context, dir, taken);
  const flags = [
    // Where Docker would not look by itself.
    ...(dockerfile.path === posix.join(context, 'Dockerfile')
      ? []
      : ['-f', commandPath(dockerfile.path, dir)]),
    ...Object.entries(dockerfile.buildArgs).flatMap(([name, value]) => [
      '--build-arg',
      `${name}=${value}`,
    ]),
    ...(taken.take('pull', asFlag) ? ['--pull'] : []),
    ...Object.entries(FLAGS).flatMap(([name, flag]) =>
      (taken.take(name, asTexts) ?? []).flatMap((text) => [flag, text]),
    ),
  ];
  const words = [...flags, commandPath(context, dir)].map(quoted);
  const watched = watchedIn(context, only);
  const deps = withDockerfile(watched, dockerfile.path);
  return {
    call,
    ref,
    options: {
      command: [program, '-t $EXPECTED_REF', ...words].join(' '),
      ...entry('platform', taken.take('platform', asText)),
      ...shared.options,
      ...more,
    },
    deps,
    ignore: ignoreOf(only, shared.ignore),
    dir,
    liveUpdate:
      only.length > 0
        ? narrowed(shared.liveUpdate, watched)
        : shared.liveUpdate,
    imageDeps: [],
    homes: [context, parentOf(dockerfile.path), ...deps],
    dockerfile,
    notes: only.length > 0 ? [ONLY_NOTE] : [],
    problems: [...taken.finish(['cache', ...TOLD]), ...shared.problems],
  };
}

function dockerfileOf(
  ref: string,
  context: string,
  dir: string,
  taken: Given,
): NonNullable<Image['dockerfile']> {
  const buildArgs = taken.take('build_args', asTextsByName) ?? {};
  const text = taken.take('dockerfile_contents', blobText);
  if (text !== undefined) {
    const [name = 'image'] = ref.split('/').slice(-1);
    const file = `${name.replace(/[:@].*$/, '')}.Dockerfile`;
    return { path: posix.join(context, file), text, buildArgs };
  }
  const path =
    taken.take('dockerfile', asPathIn(dir)) ??
    posix.join(context, 'Dockerfile');
  return { path, buildArgs };
}

/** What Tilt watches; the Dockerfile comes beside it where it lies elsewhere. */
const watchedIn = (context: string, only: readonly string[]): string[] =>
  only.length === 0
    ? [context]
    : only.map((path) =>
        posix.join(context, path).replace(/\/$/, '').replace(/^\.$/, ''),
      );

const withDockerfile = (deps: readonly string[], dockerfile: string) =>
  deps.some((dep) => isAtOrBelow(dockerfile, dep))
    ? deps
    : [...deps, dockerfile];

/**
 * Of a folder of which only some is watched, a sync takes that alone: Tilt never
 * hears of the rest.
 */
function narrowed(steps: readonly Step[], deps: readonly string[]): Step[] {
  const isSeen = (path: string) => deps.some((dep) => isAtOrBelow(path, dep));
  return steps.flatMap((step): Step[] => {
    if ('fallBackOn' in step) {
      const fallBackOn = step.fallBackOn.filter(isSeen);
      return fallBackOn.length > 0 ? [{ fallBackOn }] : [];
    }
    if (!('sync' in step) || isSeen(step.sync.from)) return [step];
    const { from, to } = step.sync;
    return deps
      .filter((dep) => isAtOrBelow(dep, from))
      .map((dep) => ({
        sync: { from: dep, to: posix.join(to, posix.relative(from, dep)) },
      }));
  });
}

/** Patterns count from each dep here, and from the context in Tilt. */
function ignoreOf(
  only: readonly string[],
  ignore: readonly string[],
): string[] {
  const folders = only.map((path) => posix.normalize(path).replace(/\/$/, ''));
  return ignore.map((pattern) => {
    const [, not = '', path = ''] = /^(!?)(?:\.\/)?(.*)$/.exec(pattern) ?? [];
    const folder = folders.find((each) => path.startsWith(`${each}/`));
    return folder ? `${not}${path.slice(folder.length + 1)}` : `${not}${path}`;
  });
}
