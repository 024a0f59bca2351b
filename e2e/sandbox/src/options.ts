import { SandboxError } from './error';
import type { Layout } from './layout';
import { DEFAULT_NAME } from './layout';
import type { Report } from './report';
import type { External, Settings } from './settings';

export interface UpOptions extends External {
  /** Default `default`. */
  readonly name?: string;
  /** Kubernetes, too? By default in the sandbox `default` only. */
  readonly cluster?: boolean;
  /** Put, or take away, KEP-1755's ConfigMap about the registry. */
  readonly registryConfigMap?: boolean;
  readonly report?: Report;
  /** Asked before anything is installed; no is an error. */
  readonly confirm?: (plan: Plan) => Promise<boolean>;
}

/** What `up` would put on the machine. */
export interface Plan {
  readonly packages: readonly string[];
  readonly builds: readonly string[];
}

const EXTERNALS = [
  'dockerHost',
  'registry',
  'registryFromCluster',
  'kubeconfig',
  'context',
] as const;

function externalsIn(options: External): External {
  return Object.fromEntries(
    EXTERNALS.flatMap((key) =>
      options[key] === undefined ? [] : [[key, options[key]]],
    ),
  );
}

/** The shell's DOCKER_HOST, unless it is the one that our own `env` set. */
function shellDocker(layout: Layout, env: NodeJS.ProcessEnv): External {
  const dockerHost = env['DOCKER_HOST'];
  const ours = dockerHost?.startsWith('unix:///run/nx-slipway/');
  return dockerHost && !ours ? { dockerHost } : {};
}

/**
 * What to bring up: what is asked for, else as it was, else the defaults.
 * @throws SandboxError SANDBOX_E_OTHER when it is up with something else.
 */
export function settingsFor(
  layout: Layout,
  options: UpOptions,
  before: Settings | undefined,
  env: NodeJS.ProcessEnv,
): Settings {
  const asked = externalsIn(options);
  const kept = before?.external ?? shellDocker(layout, env);
  const differing = EXTERNALS.filter(
    (key) => before && asked[key] !== undefined && asked[key] !== kept[key],
  );
  if (differing.length > 0) {
    throw new SandboxError(
      'SANDBOX_E_OTHER',
      `The sandbox "${layout.name}" is up with another ${differing.join(', ')}.`,
      `End it first: npm run sandbox -- down --name ${layout.name}`,
    );
  }
  const external = withContext({ ...kept, ...asked }, env);
  const outside = external.context !== undefined;
  if (outside && options.cluster) {
    throw new SandboxError(
      'SANDBOX_E_TWO_CLUSTERS',
      'Both a cluster of its own and an outside one are asked for.',
      'Leave out --cluster, or --kubeconfig and --context.',
    );
  }
  const wanted = options.cluster ?? layout.name === DEFAULT_NAME;
  return {
    schema: 1,
    // `cluster: false` says that none is needed, not that it must go.
    cluster: !outside && (wanted || before?.cluster === true),
    external,
    ipForward: before?.ipForward,
  };
}

/** An outside cluster is a context by name in a kubeconfig by path. */
function withContext(external: External, env: NodeJS.ProcessEnv): External {
  const { context, kubeconfig } = external;
  if (context === undefined && kubeconfig === undefined) return external;
  if (context === undefined) {
    throw new SandboxError(
      'SANDBOX_E_CONTEXT',
      `--kubeconfig ${kubeconfig} needs --context: none is taken from what happens to be current.`,
    );
  }
  const ambient = env['KUBECONFIG'] || `${env['HOME'] ?? ''}/.kube/config`;
  return { ...external, kubeconfig: kubeconfig ?? ambient };
}

export const isOwnDocker = ({ external }: Settings) => !external.dockerHost;
export const isOwnRegistry = ({ external }: Settings) => !external.registry;

/** Does it start anything on this machine? */
export const isOwnAnything = (settings: Settings) =>
  settings.cluster || isOwnDocker(settings) || isOwnRegistry(settings);
