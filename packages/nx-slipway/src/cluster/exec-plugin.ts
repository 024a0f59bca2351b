import type { ChildProcess } from 'node:child_process';
import { SlipwayError, scrub, secretsOf } from '../report';
import type { KubeConfig, UserEntry } from './client-node';
import { cancelled } from './cluster-errors';
import type { FrozenContext } from './frozen-context';
import type { Env } from './kubeconfig-file';
import { startPlugin, type PluginEnd } from './plugin-process';

/** The `exec` of a user in a kubeconfig, as far as it is read here. */
interface ExecConfig {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { name: string; value: string }[] | null;
  readonly provideClusterInfo?: boolean;
}

export interface PluginRuns {
  readonly frozen: FrozenContext;
  /** The environment that plugins get, beside what the kubeconfig adds. */
  readonly env: Env;
  /** Milliseconds. */
  readonly deadline: number;
  readonly signal?: AbortSignal;
}

/** client-node's own, which it keeps private; a spec notices if they move. */
interface ExecAuthenticator {
  execFn: (command: string, args: readonly string[] | null) => ChildProcess;
  readonly tokenCache: Record<
    string,
    { status?: { expirationTimestamp?: string } } | null
  >;
}

/** How much of what a plugin complains an error repeats. */
const LAST_LINES = 5;
const NEVER = '9999-12-31T23:59:59Z';

/**
 * Sees to it that credential plugins run as the contract of client-go has it
 * (KUBERNETES_EXEC_INFO, credentials without an expiry hold until they are
 * refused), and that none can hang: standard input is closed, there is no
 * terminal to prompt on, and time is limited. client-node 1.4 does none of
 * these; it still reads, caches and applies what they print.
 */
export class ExecPlugin {
  private readonly authenticator: ExecAuthenticator;
  private readonly config: ExecConfig | undefined;
  private ended?: PluginEnd;

  constructor(
    kube: KubeConfig,
    private readonly user: UserEntry,
    private readonly runs: PluginRuns,
  ) {
    this.config = execOf(user);
    this.authenticator = execAuthenticator(kube);
    this.authenticator.execFn = (command, args) => this.run(command, args);
  }

  /** Call it when a credential was applied. */
  keep(): void {
    const status = this.authenticator.tokenCache[this.user.name]?.status;
    if (status) status.expirationTimestamp ??= NEVER;
  }

  /**
   * Why there is no credential; undefined if the user has no plugin. It has no
   * cause: that of client-node may quote what the plugin printed.
   */
  failure(error: unknown): SlipwayError | undefined {
    if (!this.config) return undefined;
    if (this.ended === 'cancel') return cancelled();
    const { context } = this.runs.frozen;
    return new SlipwayError({
      code: 'SLIPWAY_E_CLUSTER_REFUSED',
      message: `there are no credentials for the context "${context}": its plugin ${this.config.command ?? ''} ${this.complaint(error)}.`,
      hint: `Log in, and see that \`kubectl --context ${context} version\` works without asking anything; then try again.`,
    });
  }

  private complaint(error: unknown): string {
    const { code, name, message } = error as NodeJS.ErrnoException;
    if (this.ended === 'deadline') {
      return `did not end in ${this.runs.deadline / 1000} s; it may be waiting for an answer, which nobody can give here`;
    }
    if (this.ended === 'output') return 'printed more than any credential';
    if (code) return `cannot be run (${code})`;
    if (name === 'SyntaxError' || name === 'TypeError') {
      return 'printed something that is no ExecCredential';
    }
    const said = message.trim().split(/\r?\n/).slice(-LAST_LINES).join('\n');
    const env = { ...this.runs.env, ...this.ownEnv() };
    return said ? `failed: ${scrub(said, secretsOf(env))}` : 'failed';
  }

  private run(command: string, args: readonly string[] | null): ChildProcess {
    this.ended = undefined;
    const env = { ...this.runs.env, ...this.ownEnv(), ...this.info() };
    return startPlugin({
      command,
      args: args ?? [],
      env,
      deadline: this.runs.deadline,
      signal: this.runs.signal,
      onEnd: (reason) => {
        this.ended ??= reason;
      },
    });
  }

  private ownEnv(): Record<string, string> {
    const pairs = this.config?.env ?? [];
    return Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
  }

  /** https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
  private info(): Record<string, string> {
    const { cluster } = this.runs.frozen;
    const spec = {
      interactive: false,
      ...(this.config?.provideClusterInfo && {
        cluster: {
          server: cluster.server,
          'tls-server-name': cluster.tlsServerName,
          'insecure-skip-tls-verify': cluster.skipTLSVerify || undefined,
          'certificate-authority-data': cluster.caData,
          'proxy-url': cluster.proxyUrl,
        },
      }),
    };
    const { apiVersion } = this.config ?? {};
    const info = { apiVersion, kind: 'ExecCredential', spec };
    return { KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  }
}

/** At both places where client-node looks. */
function execOf({ exec, authProvider }: UserEntry): ExecConfig | undefined {
  type Provider = { config?: { exec?: ExecConfig } } | null | undefined;
  const older = (authProvider as Provider)?.config?.exec;
  return (exec as ExecConfig | null | undefined) ?? older;
}

function execAuthenticator(kube: KubeConfig): ExecAuthenticator {
  const { authenticators } = kube as unknown as { authenticators: object[] };
  const found = authenticators.find((each) => 'execFn' in each);
  if (found) return found as ExecAuthenticator;
  throw new Error('client-node has no authenticator with execFn');
}
