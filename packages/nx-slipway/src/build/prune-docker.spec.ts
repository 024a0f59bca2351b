import { connectDocker, type DockerEngine } from '../docker';
import { contentId, contentTag, identityOfInspect } from '../image';
import {
  inspectOf,
  useDockerApi,
  type StoredImage,
} from '../testing/docker-api';
import { useTempFolder } from '../testing/temp-folder';
import { pruneDocker } from './prune-docker';

const folder = useTempFolder();
const api = useDockerApi(folder);
const NOW = Date.parse('2026-01-20T00:00:00Z');
let docker: DockerEngine;

beforeEach(() => {
  docker = connectDocker({ DOCKER_HOST: api.address });
});
afterEach(() => docker.close());

/** An image with its own content tag after `name`. */
function store(name: string, day: number, bytes = 1): StoredImage {
  const lastTagTime = `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`;
  const image = api.add({ lastTagTime, bytes });
  const id = contentId(identityOfInspect(inspectOf(image)));
  image.tags.push(`${name}${contentTag(id, 'nx')}`);
  return image;
}

function prune(keep: number, dryRun = false) {
  const now = () => NOW;
  return pruneDocker({ docker, tagPrefix: 'nx', keep, dryRun, now });
}

describe('pruneDocker', () => {
  it('keeps the newest of each name in each repository', async () => {
    const [kept] = store('web:', 3, 10).tags;
    const [removed] = store('web:', 2, 20).tags;
    const used = store('web:', 1, 40);
    const [shared] = store('host:5000/all:api-', 1).tags;
    api.containers.push({ ImageID: used.id, Image: 'x' });
    api.add({ tags: ['busybox:1.35'] });
    const none = { kept: [], removed: [], inUse: [], transient: [], bytes: 0 };
    expect(await prune(1)).toEqual([
      {
        ...none,
        repository: 'web',
        kept: [kept],
        removed: [removed],
        inUse: [...used.tags],
        bytes: 20,
      },
      {
        ...none,
        repository: 'host:5000/all',
        namePrefix: 'api',
        kept: [shared],
      },
    ]);
    expect(api.images.map(({ tags }) => tags[0])).toEqual([
      kept,
      ...used.tags,
      shared,
      'busybox:1.35',
    ]);
  });

  it('tells the same and removes nothing in a dry run', async () => {
    store('web:', 1);
    store('web:', 2);
    const before = structuredClone(api.images);
    const told = await prune(1, true);
    expect(api.images).toEqual(before);
    expect(await prune(1)).toEqual(told);
    expect(api.images).toHaveLength(1);
  });

  it.each([
    ['older than a day', '2026-01-18T23:59:59Z', true],
    ['of today', '2026-01-19T00:00:01Z', false],
    ['of an unknown age', '0001-01-01T00:00:00Z', false],
  ])('handles a transient tag %s', async (_age, lastTagTime, goes) => {
    const tags = ['web:nx-build-0123456789abcdef'];
    api.add({ tags: [...tags], lastTagTime, bytes: 5 });
    expect(await prune(1)).toEqual([
      expect.objectContaining({
        kept: [],
        transient: goes ? tags : [],
        bytes: goes ? 5 : 0,
      }),
    ]);
    expect(api.images).toHaveLength(goes ? 0 : 1);
  });

  it('does not count the bytes of an image that keeps another tag', async () => {
    store('web:', 1).tags.push('web:v1');
    store('web:', 2);
    expect((await prune(1))[0]).toMatchObject({ bytes: 0 });
    expect(api.images).toHaveLength(2);
  });

  it('leaves tags alone that are not of their content', async () => {
    for (let day = 1; day <= 3; day++) {
      api.add({ tags: [`web:nx-${String(day).padStart(16, '0')}`] });
    }
    expect(await prune(1)).toEqual([]);
    expect(api.images).toHaveLength(3);
  });

  it('asks once where Docker holds nothing of ours', async () => {
    api.add({ tags: ['busybox:1.35'] });
    expect(await prune(1)).toEqual([]);
    expect(api.requests).toHaveLength(1);
  });

  it('takes the cache below an image along, since it was asked to', async () => {
    store('web:', 1);
    store('web:', 2);
    await prune(1);
    expect(api.requests.at(-1)).toMatch(/^DELETE .*noprune=false$/);
  });
});
