import type { Call } from '../read';
import {
  asPathIn,
  asPathsIn,
  asText,
  asTexts,
  commandPath,
  given,
  quoted,
} from '../values';
import { customBuild, customImage, PARAMETERS, unmade } from './custom-build';
import { DOCKER_PARAMETERS, dockerBuild, dockerImage } from './docker-build';
import type { Made } from './types';
import { withRestart, withRestartParameters } from './with-restart';

/** Builders of the cluster's own runtime: no Docker, and nothing to push. */
const IN_CLUSTER = { skipsLocalDocker: true, disablePush: true };
/** Of these extensions, as they take them. */
const DOCKER_LIKE = [
  ...['ref', 'context', 'build_args', 'dockerfile', 'dockerfile_contents'],
  ...['live_update', 'match_in_env_vars', 'ignore', 'entrypoint', 'target'],
  ...['ssh', 'secret', 'extra_tag', 'cache_from'],
];
const KUBECTL_BUILD = [
  ...DOCKER_LIKE,
  ...['cache_to', 'pull', 'registry_secret', 'push', 'namespace', 'builder'],
  'platform',
];
const PODMAN = [
  ...['ignore', 'extra_flags', 'deps', 'live_update', 'push_extra_flags'],
];
const EARTHLY = [
  ...['deps', 'ignore', 'extra_flags', 'extra_args', 'live_update'],
];

/**
 * What extensions of Tilt build images with: each becomes the command that the
 * extension itself would have run.
 */
export const EXTENSIONS: Readonly<Record<string, (call: Call) => Made>> = {
  'restart_process:docker_build_with_restart': (call) =>
    withRestart(
      call,
      dockerBuild(
        call,
        withRestartParameters(['ref', 'context'], DOCKER_PARAMETERS),
      ),
    ),
  'restart_process:custom_build_with_restart': (call) =>
    withRestart(
      call,
      customBuild(
        call,
        withRestartParameters(['ref', 'command', 'deps'], PARAMETERS),
      ),
    ),
  'ko:ko_build': koBuild,
  'pack:pack': pack,
  'podman:podman_build': (call) => podman(call, ['ref', 'context', ...PODMAN]),
  'podman:podman_build_with_restart': (call) =>
    withRestart(
      call,
      podman(call, ['ref', 'context', 'entrypoint', ...PODMAN]),
    ),
  'nerdctl:nerdctl_build': (call) =>
    dockerImage(
      call,
      given(call, [...DOCKER_LIKE, 'platform']),
      'nerdctl --namespace k8s.io build',
      IN_CLUSTER,
    ),
  'kubectl_build:kubectl_build': kubectlBuild,
  'kubectl_build:image_build': kubectlBuild,
  'kim:kim_build': kim,
  'earthly:earthly_build': (call) =>
    earthly(call, ['context', 'target', 'ref', 'image_arg', ...EARTHLY]),
  'earthly:earthly_build_with_restart': (call) =>
    withRestart(
      call,
      earthly(call, [
        ...['context', 'target', 'ref', 'image_arg', 'entrypoint', ...EARTHLY],
        ...['base_suffix', 'restart_file', 'trigger', 'exit_policy'],
      ]),
    ),
  'nix:build_nix_image': nix,
  'file_sync_only:file_sync_only': fileSyncOnly,
};

function koBuild(call: Call): Made {
  const taken = given(call, keywords(['ref', 'import_path', 'deps']));
  const ref = taken.take('ref', asText);
  const path = taken.take('import_path', asText);
  if (!ref || !path) return unmade(call, taken);
  const deps = taken.take('deps', asPathsIn(call.dir)) ?? [];
  const script = [
    'set -eo pipefail',
    // Ko itself fetches nothing.
    ...(path.startsWith('.') ? [] : [`go get ${quoted(path)}`]),
    `IMAGE=$(ko publish --local ${quoted(path)})`,
    'docker tag $IMAGE $EXPECTED_REF',
  ].join(';\n');
  return customImage(call, taken, {
    ref,
    command: ['bash', '-c', script],
    deps,
  });
}

function pack(call: Call): Made {
  const taken = given(
    call,
    keywords([
      ...['name', 'path', 'builder', 'buildpacks', 'env_vars', 'pull_policy'],
      'deps',
    ]),
  );
  const name = taken.take('name', asText);
  if (!name) return unmade(call, taken);
  const ref = name.split(':')[0] ?? name;
  const path = taken.take('path', asPathIn(call.dir)) ?? call.dir;
  const builder =
    taken.take('builder', asText) ?? 'docker.io/paketobuildpacks/builder:base';
  const policy = taken.take('pull_policy', asText) ?? 'if-not-present';
  const env = taken.take('env_vars', asTexts) ?? [];
  const reload = env.some((each) => each.includes('BP_LIVE_RELOAD_ENABLED'));
  // One tag that stays, so that the buildpacks find their layers again.
  const kept = `${ref}:pack-cache`;
  const words = [
    ...['pack', 'build', kept, '--docker-host', 'inherit'],
    ...['--path', commandPath(path, call.dir)],
    ...['--builder', builder, '--pull-policy', policy],
    ...(taken.take('buildpacks', asTexts) ?? []).flatMap((each) => [
      '--buildpack',
      each,
    ]),
    ...[...env, ...(reload ? [] : ['BP_LIVE_RELOAD_ENABLED=true'])].flatMap(
      (each) => ['--env', each],
    ),
  ];
  const deps = taken.take('deps', asPathsIn(call.dir)) ?? [];
  return customImage(call, taken, {
    ref,
    command: `${words.map(quoted).join(' ')} && docker tag ${quoted(kept)} $EXPECTED_REF`,
    deps: deps.length > 0 ? deps : [path],
  });
}

function podman(call: Call, parameters: readonly string[]): Made {
  const taken = given(call, parameters);
  const ref = taken.take('ref', asText);
  const context = taken.take('context', asPathIn(call.dir));
  if (!ref || context === undefined) return unmade(call, taken);
  const flags = words(taken.take('extra_flags', asTexts));
  const pushFlags = words(taken.take('push_extra_flags', asTexts));
  const where = quoted(commandPath(context, call.dir));
  return customImage(
    call,
    taken,
    {
      ref,
      command: `podman build -t $EXPECTED_REF ${flags}${where} && podman push ${pushFlags}--format=docker $EXPECTED_REF`,
      deps: taken.take('deps', asPathsIn(call.dir)) ?? [context],
    },
    { skipsLocalDocker: true },
  );
}

function kim(call: Call): Made {
  const taken = given(
    call,
    keywords(['ref', 'context', 'ignore', 'extra_flags']),
  );
  const ref = taken.take('ref', asText);
  const context = taken.take('context', asPathIn(call.dir));
  if (!ref || context === undefined) return unmade(call, taken);
  const flags = words(taken.take('extra_flags', asTexts));
  const where = quoted(commandPath(context, call.dir));
  const command = `kim build -t $EXPECTED_REF ${flags}${where}`;
  return customImage(
    call,
    taken,
    { ref, command, deps: [context] },
    IN_CLUSTER,
  );
}

function kubectlBuild(call: Call): Made {
  const taken = given(call, KUBECTL_BUILD);
  return dockerImage(call, taken, 'kubectl build', IN_CLUSTER);
}

function earthly(call: Call, parameters: readonly string[]): Made {
  const taken = given(call, parameters);
  const ref = taken.take('ref', asText);
  const context = taken.take('context', asPathIn(call.dir));
  const target = taken.take('target', asText);
  const argument = taken.take('image_arg', asText);
  if (!ref || context === undefined || !target || !argument) {
    return unmade(call, taken);
  }
  const flags = words(taken.take('extra_flags', asTexts));
  const extra = (taken.take('extra_args', asTexts) ?? [])
    .map((each) => ` ${quoted(each)}`)
    .join('');
  const where = quoted(commandPath(context, call.dir));
  const into = where === '.' ? '' : `cd ${where} && `;
  return customImage(call, taken, {
    ref,
    command: `${into}earthly ${flags}${quoted(target)} --${argument}=$EXPECTED_REF${extra}`,
    deps: taken.take('deps', asPathsIn(call.dir)) ?? [context],
  });
}

function nix(call: Call): Made {
  const taken = given(call, ['ref', 'path', 'attr_path', 'deps']);
  const ref = taken.take('ref', asText);
  if (!ref) return unmade(call, taken);
  const path = taken.take('path', asText);
  const attribute = taken.take('attr_path', asText);
  const build = [
    'nix-build --no-out-link',
    ...(attribute ? ['--attr', quoted(attribute)] : []),
    ...(path ? [quoted(path)] : []),
  ].join(' ');
  return customImage(call, taken, {
    ref,
    // `docker load` ends with the name of what it has loaded.
    command: `IMAGE=$(docker load -q -i "$(${build})" | sed 's/^Loaded image[^:]*: //') && docker tag "$IMAGE" $EXPECTED_REF`,
    deps: taken.take('deps', asPathsIn(call.dir)) ?? [],
  });
}

/** Its `manifests` are read where those of k8s_yaml are. */
function fileSyncOnly(call: Call): Made {
  const taken = given(call, FILE_SYNC_ONLY);
  const image = taken.take('image', asText);
  if (!image) return unmade(call, taken);
  taken.value('manifests');
  taken.value('allow_duplicates');
  return customImage(call, taken, {
    ref: image.replace(/:[^:/]*$/, ''),
    command: ':',
    deps: taken.take('deps', asPathsIn(call.dir)) ?? [call.dir],
  });
}

export const FILE_SYNC_ONLY = [
  ...['image', 'manifests', 'deps', 'live_update', 'allow_duplicates'],
];

/** What is passed on to custom_build by its names. */
const keywords = (before: readonly string[]): string[] => [
  ...before,
  ...PARAMETERS.filter((name) => !before.includes(name)),
];

const words = (flags: readonly string[] = []): string =>
  flags.map((flag) => `${quoted(flag)} `).join('');
