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
import { dockerImage } from './docker-build';
import { keywords, words } from './keywords';
import type { Made } from './types';

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

export function podman(call: Call, parameters: readonly string[]): Made {
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

export function kim(call: Call): Made {
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

export function kubectlBuild(call: Call): Made {
  const taken = given(call, KUBECTL_BUILD);
  return dockerImage(call, taken, 'kubectl build', IN_CLUSTER);
}

export function nerdctl(call: Call): Made {
  const taken = given(call, [...DOCKER_LIKE, 'platform']);
  const program = 'nerdctl --namespace k8s.io build';
  return dockerImage(call, taken, program, IN_CLUSTER);
}
