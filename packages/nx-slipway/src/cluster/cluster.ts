import { notJson } from './cluster-errors';
import { getJson, type Connection } from './connection';
import { Credentials } from './credentials';
import { freezeContext } from './frozen-context';
import { assertAllowed } from './guard';
import { readKubeconfig, type KubeconfigPlace } from './kubeconfig';

export interface OpenCluster extends KubeconfigPlace {
  /** The file's own current-context is never asked. */
  readonly context: string;
  /** Whether the user wrote that context into the option `context`. */
  readonly namedInOption: boolean;
  /** Of the plugin's options in nx.json. */
  readonly allowContexts: readonly string[];
  readonly signal?: AbortSignal;
  /** Told of each token, so that it can be kept out of all output. */
  readonly onSecret?: (value: string) => void;
  readonly deadlines?: Partial<Deadlines>;
}

/** Milliseconds. */
export interface Deadlines {
  /** One request, to the last byte of its answer; 15 s. */
  readonly request: number;
  /** One run of a credential plugin; 30 s. */
  readonly plugin: number;
}

/** One cluster, as it was in the kubeconfig when it was opened. */
export interface Cluster {
  readonly context: string;
  readonly clusterName: string;
  /** URL, without credentials. */
  readonly server: string;
  /**
   * @param path of the API, from its `/` on; all that comes from outside must
   *   be encoded in it
   * @returns undefined if there is no such thing
   * @throws SLIPWAY_E_CLUSTER_UNREACHABLE, SLIPWAY_E_CLUSTER_REFUSED,
   *   SLIPWAY_E_CLUSTER_FAILED, SLIPWAY_E_CONTEXT_NOT_ALLOWED,
   *   SLIPWAY_E_KUBECONFIG, SLIPWAY_E_CANCELLED
   */
  get<T>(path: string): Promise<T | undefined>;
  /**
   * As get, for what the user can do without: undefined also if the user may
   * not read it. Credentials that are refused are an error still.
   */
  getIfPermitted<T>(path: string): Promise<T | undefined>;
  /** Of the API server, `v1.34.4`. @throws as get */
  version(): Promise<string>;
}

const REQUEST_DEADLINE_MS = 15_000;
const PLUGIN_DEADLINE_MS = 30_000;
/**
 * Reads the kubeconfig; sends nothing and runs no plugin yet.
 * @throws SLIPWAY_E_KUBECONFIG, SLIPWAY_E_CONTEXT_NOT_ALLOWED
 */
export async function openCluster(options: OpenCluster): Promise<Cluster> {
  const { signal, onSecret, env, namedInOption, allowContexts } = options;
  const read = () => readKubeconfig(options);
  const frozen = await freezeContext(await read(), options.context);
  const { context, clusterName, server, cluster } = frozen;
  const connection: Connection = {
    target: {
      context,
      clusterName,
      server,
      proxied: Boolean(cluster.proxyUrl),
      namedInOption,
      allowContexts,
    },
    credentials: new Credentials({
      frozen,
      read,
      env,
      signal,
      onSecret,
      deadline: options.deadlines?.plugin ?? PLUGIN_DEADLINE_MS,
    }),
    deadline: options.deadlines?.request ?? REQUEST_DEADLINE_MS,
    signal,
  };
  assertAllowed(connection.target);
  const get = <T>(path: string, absent: readonly number[]) =>
    getJson<T>(connection, path, absent);
  return {
    context,
    clusterName,
    server,
    get: (path) => get(path, [404]),
    getIfPermitted: (path) => get(path, [404, 403]),
    version: async () => {
      const found = await get<{ gitVersion?: string }>('/version', []);
      if (found?.gitVersion) return found.gitVersion;
      throw notJson(connection.target, 'GET /version');
    },
  };
}
