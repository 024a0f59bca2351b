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
import { customImage, unmade } from './custom-build';
import { keywords, words } from './keywords';
import type { Made } from './types';

/** Tools that make an image of sources, each as its extension runs it. */

export function koBuild(call: Call): Made {
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

export function pack(call: Call): Made {
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

export function earthly(call: Call, parameters: readonly string[]): Made {
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

export function nix(call: Call): Made {
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
