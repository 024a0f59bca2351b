import { Agent as HttpAgent } from 'node:http';
import Dockerode from 'dockerode';
import { SlipwayError } from '../report';
import { dockerError, isNotFound, pushError } from './docker-errors';
import { dockerHost } from './endpoint';
import type { DockerEngine, InspectedImage } from './engine';

const DEFAULT_ADDRESS =
  process.platform === 'win32'
    ? 'npipe:////./pipe/docker_engine'
    : 'unix:///var/run/docker.sock';

/**
 * The daemon that the `docker` command would use with this environment, over
 * one kept-alive connection. Opens nothing until first used.
 */
export function connectDocker(
  env: Readonly<Record<string, string | undefined>>,
): DockerEngine {
  const host = dockerHost(env);
  return new DockerodeEngine(host ?? DEFAULT_ADDRESS, host);
}

class DockerodeEngine implements DockerEngine {
  readonly env: Readonly<Record<string, string>>;
  private readonly agent = new HttpAgent({ keepAlive: true, maxSockets: 4 });
  private readonly client: Dockerode;

  constructor(
    readonly address: string,
    host: string | undefined,
  ) {
    this.env = host === undefined ? {} : { DOCKER_HOST: host };
    this.client = createClient(address, this.agent);
  }

  async ping(): Promise<void> {
    await this.ask('answer a ping', () => this.client.ping());
  }

  async inspect(ref: string): Promise<InspectedImage | undefined> {
    return this.ask(`inspect ${ref}`, async () => {
      try {
        return await this.client.getImage(ref).inspect();
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    });
  }

  async tag(source: string, repository: string, tag: string): Promise<void> {
    await this.ask(`tag ${source} as ${repository}:${tag}`, () =>
      this.client.getImage(source).tag({ repo: repository, tag }),
    );
  }

  async untag(ref: string): Promise<void> {
    await this.ask(`remove the tag ${ref}`, async () => {
      try {
        await this.client.getImage(ref).remove({ noprune: true });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    });
  }

  async push(repository: string, tag: string): Promise<string> {
    const ref = `${repository}:${tag}`;
    const events = await this.ask(`push ${ref}`, async () => {
      const image = this.client.getImage(repository);
      // The API wants the header even where nobody has to log in.
      const stream = await image.push({ tag, authconfig: {} });
      return this.follow(stream);
    });
    const failure = events.find((event) => event.error);
    if (failure) throw pushError(failure.error ?? '', ref);
    const digest = events.map((event) => event.aux?.Digest).find(Boolean);
    if (digest) return digest;
    throw new SlipwayError({
      code: 'SLIPWAY_E_REGISTRY_FAILED',
      message: `Docker pushed ${ref} but named no digest.`,
    });
  }

  close(): void {
    this.agent.destroy();
  }

  private follow(stream: NodeJS.ReadableStream): Promise<PushEvent[]> {
    return new Promise((resolve, reject) => {
      this.client.modem.followProgress(
        stream,
        (error: Error | null, events: PushEvent[]) => {
          // A line `{"error": ...}` comes as an error here and as an event.
          if (error && !events?.length) reject(error);
          else resolve(error ? [...events, { error: error.message }] : events);
        },
      );
    });
  }

  private async ask<T>(doing: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw dockerError(error, doing, this.address);
    }
  }
}

interface PushEvent {
  error?: string;
  aux?: { Digest?: string };
}

function createClient(address: string, agent: HttpAgent): Dockerode {
  const socketPath = /^(?:unix|npipe):\/\/(.*)$/.exec(address)?.[1];
  // The types lack `agent`, which docker-modem hands to http.request.
  const options: Dockerode.DockerOptions & { agent: HttpAgent } = {
    socketPath,
    agent,
  };
  if (socketPath !== undefined) return new Dockerode(options);
  // tcp:// (with the DOCKER_* variables for TLS) and ssh:// need an agent of
  // their own kind, which docker-modem makes.
  return new Dockerode(remote(address));
}

/**
 * What docker-modem would make of DOCKER_HOST. It knows no contexts: without
 * this, a context on another machine would be taken for the default socket.
 */
function remote(address: string): Dockerode.DockerOptions {
  const url = new URL(address.includes('//') ? address : `tcp://${address}`);
  const { hostname: host, port, username } = url;
  if (url.protocol === 'ssh:') return { protocol: 'ssh', host, port, username };
  return { host, port };
}
