import type { Reporter, SlipwayError } from '../report';
import { answerError, notJson } from './cluster-errors';
import {
  getJson,
  requestJson,
  requestText,
  type Connection,
  type RequestDeadlines,
} from './connection';
import { Credentials } from './credentials';
import { Discovery, type ApiResource } from './discovery';
import { freezeContext } from './frozen-context';
import { assertAllowed, isLocal } from './guard';
import { Health } from './health';
import { readKubeconfig, type KubeconfigPlace } from './kubeconfig';
import {
  isSuccess,
  nameOf,
  type KubeAnswer,
  type KubeRequest,
} from './request';
import { Slots } from './slots';

export interface OpenCluster extends KubeconfigPlace {
  /** None: the file's own current-context, as it is now. */
  readonly context?: string;
  /** Whether the user wrote that context into the option `context`. */
  readonly namedInOption: boolean;
  /** Of the plugin's options in nx.json. */
  readonly allowContexts: readonly string[];
  readonly signal?: AbortSignal;
  /** Told of each token, so that it can be kept out of all output. */
  readonly onSecret?: (value: string) => void;
  readonly deadlines?: Partial<Deadlines>;
  /** Told when the API server has gone and is waited for. */
  readonly reporter?: Pick<Reporter, 'info'>;
}

/** Milliseconds. */
export interface Deadlines extends RequestDeadlines {
  /** One run of a credential plugin; 30 s. */
  readonly plugin: number;
}

/** One cluster, as it was in the kubeconfig when it was opened. */
export interface Cluster {
  readonly context: string;
  readonly clusterName: string;
  /** URL, without credentials. */
  readonly server: string;
  /** Of the context; none: the user's are in `default`. */
  readonly namespace?: string;
  /** Whether it is a local product's, not merely allowed. */
  readonly isLocal: boolean;
  /**
   * Every status but 401 is an answer. What may be asked twice is asked again
   * after a fault that may pass.
   * @throws SLIPWAY_E_CLUSTER_UNREACHABLE, SLIPWAY_E_CLUSTER_REFUSED,
   *   SLIPWAY_E_CLUSTER_FAILED, SLIPWAY_E_CONTEXT_NOT_ALLOWED,
   *   SLIPWAY_E_KUBECONFIG, SLIPWAY_E_CANCELLED
   */
  request(request: KubeRequest): Promise<KubeAnswer>;
  /** The error that an answer is which is no success. */
  refusal(request: KubeRequest, answer: KubeAnswer): SlipwayError;
  /**
   * What is no JSON: a log.
   * @returns undefined for whatever is no success but 401, which is thrown
   */
  text(path: string): Promise<string | undefined>;
  /**
   * How the API calls a kind, by discovery; kept for the run.
   * @returns undefined if the cluster does not know it
   * @throws SLIPWAY_E_API_AWAY if another server than the API server's own has
   *   to tell, and does not; and as request
   */
  resource(apiVersion: string, kind: string): Promise<ApiResource | undefined>;
  /** Has discovery ask again: a CustomResourceDefinition may have come. */
  forget(apiVersion?: string): void;
  /** What watches use to reach the same server. */
  readonly connection: Connection;
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

const DEADLINES: Deadlines = {
  request: 15_000,
  write: 35_000,
  outage: 30_000,
  plugin: 30_000,
};
/** More gain nothing, and each connection costs both sides a handshake. */
const REQUESTS_AT_A_TIME = 16;

/**
 * Reads the kubeconfig; sends nothing and runs no plugin yet.
 * @throws SLIPWAY_E_KUBECONFIG, SLIPWAY_E_CONTEXT_NOT_ALLOWED
 */
export async function openCluster(options: OpenCluster): Promise<Cluster> {
  const { signal, onSecret, env, namedInOption, allowContexts } = options;
  const read = () => readKubeconfig(options);
  const frozen = await freezeContext(await read(), options.context);
  const { context, clusterName, server, cluster, namespace } = frozen;
  const deadlines = { ...DEADLINES, ...options.deadlines };
  const connection: Connection = {
    health: new Health(),
    slots: new Slots(REQUESTS_AT_A_TIME),
    deadlines,
    reporter: options.reporter,
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
      deadline: deadlines.plugin,
    }),
    signal,
  };
  assertAllowed(connection.target);
  const get = <T>(path: string, absent: readonly number[]) =>
    getJson<T>(connection, path, absent);
  const discovery = new Discovery(connection);
  return {
    context,
    clusterName,
    server,
    namespace,
    isLocal: isLocal(connection.target),
    connection,
    request: (request) => requestJson(connection, request),
    refusal: (request, answer) =>
      answerError(connection.target, nameOf(request), answer),
    text: async (path) => {
      const answer = await requestText(connection, { method: 'GET', path });
      return isSuccess(answer) ? answer.text : undefined;
    },
    resource: (apiVersion, kind) => discovery.resource(apiVersion, kind),
    forget: (apiVersion) => discovery.forget(apiVersion),
    get: (path) => get(path, [404]),
    getIfPermitted: (path) => get(path, [404, 403]),
    version: async () => {
      const found = await get<{ gitVersion?: string }>('/version', []);
      if (found?.gitVersion) return found.gitVersion;
      throw notJson(connection.target, 'GET /version');
    },
  };
}
