import { createHash } from 'node:crypto';
import type { Agent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import { scrub } from '../report';
import { loadClientNode, type KubeConfig, type UserEntry } from './client-node';
import { credentialsError } from './credentials-error';
import { ExecPlugin, type PluginRuns } from './exec-plugin';
import { userNamed } from './frozen-context';
import type { Kubeconfig } from './kubeconfig-file';

/** What a request needs to be let in. */
export interface Access {
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
  /** Which reading of the kubeconfig this is from. */
  readonly generation: number;
}

export interface CredentialSource extends PluginRuns {
  /** Reads the kubeconfig as it is now. */
  readonly read: () => Promise<Kubeconfig>;
  /** Told of every value that must not be shown. */
  readonly onSecret?: (value: string) => void;
}

interface Session {
  readonly kube: KubeConfig;
  readonly user: UserEntry;
  readonly plugin: ExecPlugin;
}

/** Without a user client-node would forget the CA. */
const ANONYMOUS: UserEntry = { name: 'anonymous' };
/** Masking what is shorter would garble texts (design 2.3). */
const MIN_SECRET_LENGTH = 8;

/**
 * The credentials of a frozen context, by client-node. The user's entry is
 * read anew after a refusal; tokens that expire are renewed in between.
 */
export class Credentials {
  private generation = 0;
  private session?: Promise<Session>;
  private pending?: Promise<Access>;
  private readonly secrets = new Set<string>();
  private kept?: { readonly identity: string; readonly agent: Agent };

  constructor(private readonly source: CredentialSource) {}

  /**
   * Asks client-node each time: it knows what has expired. Requests that come
   * together share one answer, so that no plugin runs twice for them.
   * @throws SLIPWAY_E_KUBECONFIG, SLIPWAY_E_CLUSTER_REFUSED,
   *   SLIPWAY_E_CANCELLED
   */
  access(): Promise<Access> {
    if (this.pending) return this.pending;
    const pending = this.apply(this.generation).finally(() => {
      if (this.pending === pending) this.pending = undefined;
    });
    this.pending = pending;
    return pending;
  }

  /**
   * After a 401: all is read anew, unless another request has done so since.
   * @throws as access
   */
  renew(refused: Access): Promise<Access> {
    if (refused.generation === this.generation) {
      this.generation++;
      this.session = undefined;
      this.pending = undefined;
    }
    return this.access();
  }

  /** Masks every secret that was sent so far. */
  conceal(text: string): string {
    return scrub(text, [...this.secrets]);
  }

  private async apply(generation: number): Promise<Access> {
    const session = await (this.session ??= this.openSession(generation));
    const { kube, plugin, user } = session;
    const options: RequestOptions = { headers: {} };
    try {
      await kube.applyToHTTPSOptions(options);
    } catch (error) {
      throw (
        plugin.failure(error) ??
        credentialsError(this.source.frozen.context, user, error)
      );
    }
    plugin.keep();
    refreshOnlyWhenExpired(kube);
    const headers = headersOf(options);
    this.reportSecrets(options, headers);
    return { agent: this.agentFor(options), headers, generation };
  }

  private async openSession(generation: number): Promise<Session> {
    try {
      return await this.readSession(generation);
    } catch (error) {
      // The next request may find the file repaired.
      this.session = undefined;
      throw error;
    }
  }

  private async readSession(generation: number): Promise<Session> {
    const { frozen, read } = this.source;
    const { context, cluster } = frozen;
    const user =
      frozen.user && generation > 0
        ? userNamed(await read(), frozen.user.name)
        : (frozen.user ?? ANONYMOUS);
    const { KubeConfig } = await loadClientNode();
    const kube = new KubeConfig();
    kube.loadFromOptions({
      clusters: [cluster],
      users: [user],
      contexts: [{ name: context, cluster: cluster.name, user: user.name }],
      currentContext: context,
    });
    return { kube, user, plugin: new ExecPlugin(kube, user, this.source) };
  }

  /** client-node makes a new agent each time; one keeps its connections. */
  private agentFor({ agent, cert, key }: RequestOptions): Agent {
    const identity = createHash('sha256')
      .update(JSON.stringify([cert, key]))
      .digest('hex');
    if (this.kept?.identity !== identity) {
      const made = agent as Agent & { keepAlive: boolean };
      made.keepAlive = true;
      if (made instanceof HttpsAgent) shareContext(made);
      this.kept = { identity, agent: made };
    }
    return this.kept.agent;
  }

  private reportSecrets(
    { auth }: RequestOptions,
    headers: Readonly<Record<string, string>>,
  ): void {
    const { frozen, onSecret } = this.source;
    const proxy = frozen.cluster.proxyUrl;
    const values = [
      (headers.Authorization ?? '').replace(/^\w+ /, ''),
      auth ? auth.slice(auth.indexOf(':') + 1) : '',
      proxy && URL.canParse(proxy) ? new URL(proxy).password : '',
    ];
    for (const value of values) {
      if (value.length < MIN_SECRET_LENGTH || this.secrets.has(value)) continue;
      this.secrets.add(value);
      onSecret?.(value);
    }
  }
}

function headersOf({ headers, auth }: RequestOptions): Record<string, string> {
  const given = Object.entries((headers ?? {}) as Record<string, unknown>);
  const basic = auth && `Basic ${Buffer.from(auth).toString('base64')}`;
  return Object.fromEntries([
    // A token's file ends in a line end, which no header may hold.
    ...given.map(([name, value]) => [name, String(value).trim()]),
    ...(basic ? [['Authorization', basic]] : []),
  ]) as Record<string, string>;
}

/**
 * client-node 1.4 keeps the lifetime of a refreshed OIDC token where a time is
 * expected, and so would refresh it for every request; from 0 it reads the
 * time out of the token.
 */
function refreshOnlyWhenExpired(kube: KubeConfig): void {
  const { authenticators } = kube as unknown as { authenticators: object[] };
  for (const each of authenticators) {
    if ('currentTokenExpiration' in each) each.currentTokenExpiration = 0;
  }
}

/**
 * Else each connection reads all certificates again, 1 ms for each. What is
 * wrong with them is for the connection to say.
 */
function shareContext({ options }: HttpsAgent): void {
  try {
    options.secureContext = createSecureContext(options);
  } catch {
    options.secureContext = undefined;
  }
}
