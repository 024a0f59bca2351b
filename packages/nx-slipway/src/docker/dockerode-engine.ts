import type { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { askDaemon } from './ask-daemon';
import { asImage, asImagesInUse, asInfo, asTaggedImages } from './answers';
import { authOf } from './auth';
import { createClient } from './client';
import {
  answerOf,
  isConflict,
  isNotFound,
  malformed,
  type DaemonError,
} from './docker-errors';
import { dockerEndpoint, type DockerEndpoint } from './endpoint';
import type {
  CommandEnv,
  DockerEngine,
  DockerInfo,
  InspectedImage,
  PushLogin,
  TaggedImage,
  UntagOptions,
} from './engine';
import { holdsFile } from './holds-file';
import { followPush } from './push';
import { mayPass, pushCancelled, pushError } from './push-errors';
import { startSave } from './save';

export interface DockerOptions {
  /** How long one answer may take, in milliseconds. */
  readonly deadline?: number;
  /** Ends every wait for an answer. What is asked later has a second each. */
  readonly signal?: AbortSignal;
}

/** Removing a large image on a slow disk takes a while. */
const DEADLINE_MS = 120_000;
/** Of pushes that meet another of the same layers. */
const MOST_PUSHES = 3;
const COLLISION_MS = 200;
/** Docker gathers all layers on its disk before it answers with the first. */
const SAVE_MS = 30 * 60_000;

/**
 * The daemon that the `docker` command would use with this environment, over
 * kept-alive connections. Reads the docker command's own files, but opens no
 * connection until first used.
 * @throws SLIPWAY_E_DOCKER_NOT_RUNNING, SLIPWAY_E_DOCKER_FAILED if what
 *   describes the daemon makes no sense
 */
export function connectDocker(
  env: Readonly<Record<string, string | undefined>>,
  { deadline = DEADLINE_MS, signal }: DockerOptions = {},
): DockerEngine {
  const endpoint = dockerEndpoint(env);
  const { client, agent } = createClient(endpoint, env);
  return new DockerodeEngine(endpoint, client, agent, { deadline, signal });
}

class DockerodeEngine implements DockerEngine {
  readonly address: string;
  readonly env: CommandEnv;

  constructor(
    private readonly endpoint: DockerEndpoint,
    private readonly client: Dockerode,
    private readonly agent: Agent,
    private readonly options: DockerOptions & { readonly deadline: number },
  ) {
    this.address = endpoint.address;
    this.env = endpoint.env;
  }

  async ping(): Promise<void> {
    const answer: unknown = await this.ask('answer a ping', () =>
      this.client.ping(),
    );
    if (String(answer).trim() === 'OK') return;
    throw malformed(
      'it answers a ping with something else than OK',
      this.endpoint,
    );
  }

  async info(): Promise<DockerInfo> {
    const doing = 'tell about itself';
    const info: unknown = await this.ask(doing, () => this.client.info());
    const version = await this.ask(doing, () => this.client.version());
    return this.read(asInfo(info, version), doing);
  }

  async inspect(ref: string): Promise<InspectedImage | undefined> {
    const doing = `inspect ${ref}`;
    const answer = await this.ask(doing, async () => {
      try {
        return await this.client.getImage(ref).inspect();
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    });
    return answer && this.read(asImage(answer), doing);
  }

  async taggedImages(repository: string): Promise<TaggedImage[]> {
    const filters = { reference: [repository] };
    const doing = `list the images of ${repository}`;
    const answer = await this.ask(doing, () =>
      this.client.listImages({ filters }),
    );
    // Some stores list all tags of an image that has one of the repository,
    // and `localhost` is a prefix of `localhost:5000/x` too.
    const isOfIt = (ref: string) =>
      ref.startsWith(`${repository}:`) &&
      !ref.slice(repository.length).includes('/');
    return this.read(asTaggedImages(answer, isOfIt), doing);
  }

  async allTagged(): Promise<TaggedImage[]> {
    const doing = 'list its images';
    const answer = await this.ask(doing, () => this.client.listImages());
    return this.read(
      asTaggedImages(answer, () => true),
      doing,
    );
  }

  async imagesInUse(): Promise<Set<string>> {
    const doing = 'list its containers';
    const answer = await this.ask(doing, () =>
      this.client.listContainers({ all: true }),
    );
    return this.read(asImagesInUse(answer), doing);
  }

  async holdsFile(image: string, paths: readonly string[]): Promise<boolean> {
    return this.ask(`look into ${image}`, () =>
      holdsFile(this.client, image, paths),
    );
  }

  async tag(source: string, repository: string, tag: string): Promise<void> {
    await this.ask(`tag ${source} as ${repository}:${tag}`, () =>
      this.client.getImage(source).tag({ repo: repository, tag }),
    );
  }

  async untag(
    ref: string,
    { pruneParents = false }: UntagOptions = {},
  ): Promise<boolean> {
    return this.ask(`remove the tag ${ref}`, async () => {
      try {
        await this.client.getImage(ref).remove({ noprune: !pruneParents });
        return true;
      } catch (error) {
        if (isConflict(error)) return false;
        if (isNotFound(error)) return true;
        throw error;
      }
    });
  }

  async push(
    repository: string,
    tag: string,
    login?: PushLogin,
    signal?: AbortSignal,
  ): Promise<string> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.pushOnce(repository, tag, login, signal);
      } catch (error) {
        if (signal?.aborted) throw pushCancelled(`${repository}:${tag}`);
        if (!mayPass(error) || tries === MOST_PUSHES) throw error;
        // Who collided does not come back together.
        await sleep(COLLISION_MS * (1 + Math.random()));
      }
    }
  }

  private async pushOnce(
    repository: string,
    tag: string,
    login: PushLogin | undefined,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const ref = `${repository}:${tag}`;
    const stream = await this.ask(`push ${ref}`, () =>
      this.startPush(repository, tag, login, signal),
    );
    return followPush(stream, ref, this.address);
  }

  private async startPush(
    repository: string,
    tag: string,
    login: PushLogin | undefined,
    signal: AbortSignal | undefined,
  ): Promise<AsyncIterable<Buffer>> {
    try {
      const options = {
        tag,
        authconfig: authOf(login),
        // Undefined, it would be sent along.
        ...(signal && { abortSignal: signal }),
      };
      const stream = await this.client.getImage(repository).push(options);
      return stream as NodeJS.ReadableStream & AsyncIterable<Buffer>;
    } catch (error) {
      // Newer daemons say at once what older ones say in the stream.
      const said = error as DaemonError;
      throw said.statusCode
        ? pushError(answerOf(said), `${repository}:${tag}`)
        : error;
    }
  }

  async save(ref: string): Promise<Readable> {
    const doing = `save ${ref}`;
    const start = () => startSave(this.client, ref, this.address);
    return this.ask(doing, start, SAVE_MS);
  }

  close(): void {
    this.agent.destroy();
  }

  private ask<T>(
    doing: string,
    request: () => Promise<T>,
    deadline = this.options.deadline,
  ): Promise<T> {
    const { signal } = this.options;
    return askDaemon(request, {
      doing,
      deadline,
      signal,
      endpoint: this.endpoint,
    });
  }

  private read<T>(answer: T | undefined, doing: string): T {
    if (answer !== undefined) return answer;
    throw malformed(
      `asked to ${doing}, it gave no sensible answer`,
      this.endpoint,
    );
  }
}
