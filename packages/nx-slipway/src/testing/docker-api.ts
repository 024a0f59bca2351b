import { createServer, type RequestListener, type Server } from 'node:http';
import type { TempFolder } from './temp-folder';

/** An image in the store of a staged Docker. */
export interface StoredImage {
  readonly id: string;
  readonly tags: string[];
  /** RFC 3339 */
  lastTagTime?: string;
  readonly bytes?: number;
  readonly layers?: readonly string[];
}

/**
 * A server of Docker's API with a store in memory, for faults and times that
 * cannot be had of a real one. The real client talks to it over a real socket.
 */
export interface DockerApi {
  /** For DOCKER_HOST. */
  readonly address: string;
  /** `METHOD PATH` of each request since the test began. */
  readonly requests: readonly string[];
  readonly images: StoredImage[];
  readonly containers: { ImageID: string; Image: string }[];
  /** The lines that a push answers. */
  push: readonly object[];
  /** Answers before the store does; false: the store answers. */
  intercept: (...args: Parameters<RequestListener>) => boolean;
  /** What answers all requests; for a server of another kind. */
  readonly listener: RequestListener;
  /** An image whose content nothing else has, in the store. */
  add(image: Partial<StoredImage>): StoredImage;
}

/** Call it at the top of a file. @param folder where its socket is */
export function useDockerApi(folder: TempFolder): DockerApi {
  let server: Server;
  let requests: string[] = [];
  let count = 0;
  const api: DockerApi = {
    get address() {
      return `unix://${folder.at('docker.sock')}`;
    },
    get requests() {
      return requests;
    },
    images: [],
    containers: [],
    push: [],
    intercept: () => false,
    listener: (request, response) => {
      requests.push(`${request.method} ${request.url}`);
      if (!api.intercept(request, response)) answer(api, request, response);
    },
    add: (parts) => {
      const digits = String(++count).padStart(64, '0');
      const image = {
        id: `sha256:${digits}`,
        tags: [],
        layers: [`sha256:${digits}`],
        ...parts,
      };
      api.images.push(image);
      return image;
    },
  };
  beforeEach(async () => {
    requests = [];
    api.images.length = 0;
    api.containers.length = 0;
    api.push = [];
    api.intercept = () => false;
    server = createServer(api.listener);
    await new Promise<void>((resolve) =>
      server.listen(folder.at('docker.sock'), resolve),
    );
  });
  afterEach(async () => {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  });
  return api;
}

/** As Docker's API inspect tells of it. */
export function inspectOf(image: StoredImage) {
  return {
    Id: image.id,
    RepoTags: image.tags,
    RepoDigests: [],
    Architecture: 'amd64',
    Os: 'linux',
    Config: {},
    RootFS: { Type: 'layers', Layers: image.layers },
    Metadata: { LastTagTime: image.lastTagTime ?? '0001-01-01T00:00:00Z' },
  };
}

const INFO = {
  Name: 'buildbox',
  KernelVersion: '6.1.0-18-amd64',
  ServerVersion: '28.0.1',
  OperatingSystem: 'Debian GNU/Linux 12',
  Driver: 'overlayfs',
  DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']],
  Architecture: 'x86_64',
  DockerRootDir: '/var/lib/docker',
  RegistryConfig: {
    InsecureRegistryCIDRs: ['127.0.0.0/8'],
    IndexConfigs: {
      'docker.io': { Secure: true },
      'reg.test:5000': { Secure: false },
    },
  },
};

const answer: (
  api: DockerApi,
  ...args: Parameters<RequestListener>
) => unknown = (api, request, response) => {
  const url = new URL(request.url ?? '', 'http://docker');
  const json = (status: number, body: unknown) =>
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(body));
  const [, name = '', action = ''] =
    /^\/images\/(.*?)(?:\/(json|tag|push|get))?$/.exec(url.pathname) ?? [];
  const path = url.pathname;
  if (path === '/_ping') return response.end('OK');
  if (path === '/info') return json(200, INFO);
  if (path === '/version') return json(200, { ApiVersion: '1.48' });
  if (path === '/containers/json') return json(200, api.containers);
  if (path === '/images/json') return json(200, list(api, url));
  if (action === 'push') {
    return response.end(
      api.push.map((e) => `${JSON.stringify(e)}\r\n`).join(''),
    );
  }
  const image = api.images.find(
    ({ id, tags }) => id === name || tags.includes(name),
  );
  if (!image) return json(404, { message: `No such image: ${name}` });
  if (action === 'json') return json(200, inspectOf(image));
  if (action === 'get') return response.end(`the archive of ${name}`);
  if (action === 'tag') {
    const { repo, tag } = Object.fromEntries(url.searchParams);
    image.tags.push(`${repo}:${tag}`);
    return response.writeHead(201).end();
  }
  if (request.method === 'DELETE') return remove(api, image, name, json);
  return json(404, { message: 'page not found' });
};

function list({ images }: DockerApi, { searchParams }: URL) {
  const filters = JSON.parse(searchParams.get('filters') ?? '{}') as {
    reference?: string[];
  };
  const wanted = filters.reference?.[0];
  return images
    .map(({ id, tags, bytes = 1 }) => ({
      Id: id,
      Size: bytes,
      RepoTags: tags.filter(
        (tag) => !wanted || tag.slice(0, tag.lastIndexOf(':')) === wanted,
      ),
    }))
    .filter(({ RepoTags }) => !wanted || RepoTags.length > 0);
}

function remove(
  { images, containers }: DockerApi,
  image: StoredImage,
  ref: string,
  json: (status: number, body: unknown) => unknown,
) {
  const isLast = image.tags.length === 1;
  if (isLast && containers.some(({ ImageID }) => ImageID === image.id)) {
    return json(409, { message: 'conflict: container is using its image' });
  }
  image.tags.splice(image.tags.indexOf(ref), 1);
  if (isLast) images.splice(images.indexOf(image), 1);
  return json(200, [{ Untagged: ref }]);
}
