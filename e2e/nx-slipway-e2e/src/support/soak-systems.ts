import {
  down,
  ensureSandbox,
  readStatus,
  spareApiServer,
  type Sandbox,
  type SpareApiServer,
} from '@nx-slipway/sandbox';
import { setTimeout as sleep } from 'node:timers/promises';

export type Outage = 'apiserver' | 'registry' | 'dockerd';

/** Beside the sandbox's own, which others use. */
const NAME = 'soak';
/** How long something stays away. Milliseconds. */
const AWAY_MS = 2_000;

/** An API server on the sandbox's cluster, a Docker and a registry, to be killed. */
export class SoakSystems {
  private last: Promise<void> = Promise.resolve();

  private constructor(
    readonly sandbox: Sandbox,
    private readonly api: SpareApiServer,
  ) {}

  static async start(): Promise<SoakSystems> {
    const api = await spareApiServer();
    await api.start();
    return new SoakSystems(
      await ensureSandbox({ name: NAME, cluster: false }),
      api,
    );
  }

  /** @param name of the context, of the cluster, and of the user */
  kubeconfig(name: string): object {
    const { url: server, token } = this.api;
    return {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      clusters: [
        { name, cluster: { server, 'insecure-skip-tls-verify': true } },
      ],
      users: [{ name, user: { token } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
    };
  }

  /** Kills it and brings it back, after all that was asked for before. */
  fail(what: Outage): void {
    this.last = this.last.then(async () => {
      if (what === 'apiserver') await this.api.stop();
      else await kill(what);
      await sleep(AWAY_MS);
      if (what === 'apiserver') await this.api.start();
      else await ensureSandbox({ name: NAME, cluster: false });
    });
  }

  /** When all is there again. */
  back(): Promise<void> {
    return this.last;
  }

  async stop(): Promise<void> {
    await this.last.catch(() => undefined);
    await this.api.stop();
    await down(NAME);
  }
}

async function kill(name: Exclude<Outage, 'apiserver'>): Promise<void> {
  const { daemons } = await readStatus(NAME);
  const pid = daemons.find((daemon) => daemon.name === name)?.pid;
  if (pid === undefined) throw new Error(`${name} does not run`);
  process.kill(pid, 'SIGKILL');
}
