import fc from 'fast-check';
import { connectDocker, type DockerEngine } from '../docker';
import {
  contentId,
  contentTag,
  identityOfInspect,
  nameInTag,
  tagUnder,
} from '../image';
import { imageName, sha256 } from '../testing/arbitraries';
import {
  inspectOf,
  useDockerApi,
  type StoredImage,
} from '../testing/docker-api';
import { registryAt } from '../testing/registry-option';
import { recordingReporter } from '../testing/recording-reporter';
import { useTempFolder } from '../testing/temp-folder';
import {
  dropOldTags,
  newestFirst,
  tagsOfOurForm,
  type DatedTag,
  type DropOldTags,
} from './retention';

const folder = useTempFolder();
const api = useDockerApi(folder);
const REPOSITORY = 'localhost:5000/web';
let docker: DockerEngine;
let othersBuild = false;

beforeEach(() => {
  docker = connectDocker({ DOCKER_HOST: api.address });
  othersBuild = false;
});
afterEach(() => docker.close());

/** An image with its own content tag. @param day of its tag, the 1st is 1 */
function store(day: number, name = `${REPOSITORY}:`): StoredImage {
  const lastTagTime = `2026-01-${String(day).padStart(2, '0')}T00:00:00.5Z`;
  const image = api.add({ lastTagTime });
  const id = contentId(identityOfInspect(inspectOf(image)));
  image.tags.push(`${name}${contentTag(id, 'nx')}`);
  return image;
}

async function drop(
  keep: number,
  namePrefix?: string,
  earlier?: DropOldTags['earlier'],
) {
  const reporter = recordingReporter();
  const removed = await dropOldTags({
    docker,
    repository: REPOSITORY,
    tagPrefix: 'nx',
    namePrefix,
    keep,
    othersBuild: () => Promise.resolve(othersBuild),
    reporter,
    earlier,
  });
  return { removed, warnings: reporter.warnings };
}

describe('dropOldTags', () => {
  it('keeps the newest, by when they were tagged', async () => {
    const [oldest] = store(2).tags;
    const kept = [store(9), store(10)];
    const [old] = store(3).tags;
    expect(await drop(2)).toEqual({ removed: [old, oldest], warnings: [] });
    expect(api.images).toEqual(kept);
  });

  it('asks once where there is nothing to do', async () => {
    store(1);
    store(2);
    expect((await drop(2)).removed).toEqual([]);
    expect(api.requests).toHaveLength(1);
  });

  it('removes nothing under the hands of other builds, up to twice as many', async () => {
    othersBuild = true;
    for (const day of [1, 2, 3, 4]) store(day);
    expect((await drop(2)).removed).toEqual([]);
    store(5);
    expect((await drop(2)).removed).toHaveLength(3);
    store(6);
    othersBuild = false;
    expect((await drop(2)).removed).toHaveLength(1);
  });

  it('needs no list but an earlier one, and keeps what was tagged since', async () => {
    const [oldest] = store(1).tags;
    store(2);
    const images = docker.taggedImages(REPOSITORY);
    await images;
    const [given = ''] = store(3).tags;
    const earlier = { images, given: given.slice(REPOSITORY.length + 1) };
    expect((await drop(3, undefined, earlier)).removed).toEqual([]);
    expect((await drop(2, undefined, earlier)).removed).toEqual([oldest]);
    const lists = api.requests.filter((line) => line.includes('/images/json'));
    expect(lists).toHaveLength(1);
  });

  it('counts a tag once that an earlier list has and was given again', async () => {
    store(1);
    const [given = ''] = store(2).tags;
    const images = docker.taggedImages(REPOSITORY);
    const earlier = { images, given: given.slice(REPOSITORY.length + 1) };
    expect((await drop(2, undefined, earlier)).removed).toEqual([]);
  });

  it.each([
    ['a tag of another form', `${REPOSITORY}:v1`],
    ['a transient tag', `${REPOSITORY}:nx-build-0123456789abcdef`],
    ['a tag that is another content', `${REPOSITORY}:nx-0123456789abcdef`],
    ['another prefix', `${REPOSITORY}:my-0123456789abcdef`],
    ['another repository', 'localhost:5000/web/sub:nx-0123456789abcdef'],
  ])('leaves %s alone', async (_what, ref) => {
    const other = api.add({ tags: [ref], lastTagTime: '2025-01-01T00:00:00Z' });
    store(1);
    store(2);
    await drop(1);
    expect(api.images).toContain(other);
  });

  it.each([
    ['id', ({ id }: StoredImage) => ({ ImageID: id, Image: 'x' })],
    [
      'ref',
      ({ tags }: StoredImage) => ({ ImageID: 'x', Image: String(tags[0]) }),
    ],
  ])('leaves an image alone that a container uses by %s', async (_by, of) => {
    const image = store(1);
    store(2);
    api.containers.push(of(image));
    expect((await drop(1)).removed).toEqual([]);
    expect(api.images).toContain(image);
  });

  it('leaves a tag that Docker will not let go', async () => {
    const image = store(1);
    store(2);
    api.intercept = (request, response) => {
      // The container began after we had asked.
      if (request.method === 'DELETE') {
        response.writeHead(409).end('{"message":"conflict"}');
        return true;
      }
      return false;
    };
    expect(await drop(1)).toEqual({ removed: [], warnings: [] });
    expect(api.images).toContain(image);
  });

  it('leaves a tag that another build renewed meanwhile', async () => {
    const image = store(1);
    store(2);
    api.intercept = ({ url }) => {
      if (url?.startsWith('/containers/')) {
        image.lastTagTime = '2026-01-03T00:00:00Z';
      }
      return false;
    };
    expect((await drop(1)).removed).toEqual([]);
    expect(api.images).toContain(image);
  });

  it('tells images apart that share one repository', async () => {
    const mine = store(1, `${REPOSITORY}:web-`);
    const others = [
      store(1, `${REPOSITORY}:api-`),
      store(1, `${REPOSITORY}:my-web-`),
      store(1),
    ];
    const kept = store(2, `${REPOSITORY}:web-`);
    expect((await drop(1, 'web')).removed).toEqual([
      expect.stringMatching(/:web-nx-/),
    ]);
    expect(api.images).toEqual([...others, kept]);
    expect(api.images).not.toContain(mine);
  });

  it('counts images that are not ours for nothing', async () => {
    const kept = [store(1), store(2)];
    api.add({
      tags: [`${REPOSITORY}:nx-0123456789abcdef`],
      lastTagTime: '2026-01-09T00:00:00Z',
    });
    await drop(2);
    expect(api.images).toEqual(expect.arrayContaining(kept));
  });

  it('takes an image that was never tagged here for the oldest', async () => {
    const pulled = store(1);
    pulled.lastTagTime = undefined;
    const kept = store(2);
    expect((await drop(1)).removed).toHaveLength(1);
    expect(api.images).toEqual([kept]);
  });

  it('warns where Docker fails, and says what went before', async () => {
    const [first] = store(2).tags;
    store(1);
    store(3);
    let removals = 0;
    api.intercept = (request, response) => {
      if (request.method !== 'DELETE' || ++removals === 1) return false;
      response.writeHead(500).end('{"message":"disk on fire"}');
      return true;
    };
    const { removed, warnings } = await drop(1);
    expect(removed).toEqual([first]);
    expect(warnings).toEqual([
      expect.stringMatching(/^old tags of localhost:5000\/web .*disk on fire$/),
    ]);
  });
});

describe('tagsOfOurForm', () => {
  const registry = { ...registryAt('localhost:5000'), singleName: 'all' };
  const prefix = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.-]{0,8}$/);
  const formed = (tag: string, tagPrefix: string) =>
    tagsOfOurForm([{ id: '', tags: [`r/x:${tag}`], bytes: 0 }], tagPrefix)[0];

  it('knows every content tag, and under singleName whose it is', () => {
    fc.assert(
      fc.property(imageName, sha256, prefix, (name, id, start) => {
        const tag = contentTag(id, start);
        const kind = 'content';
        expect(formed(tag, start)).toMatchObject({ kind, tag });
        expect(formed(tagUnder(name, registry, tag), start)).toMatchObject({
          kind,
          tag,
          namePrefix: nameInTag(name),
        });
      }),
    );
  });

  it.each([
    ['latest', 'nx'],
    ['nx-0123456789abcde', 'nx'],
    ['nx-0123456789abcdef0', 'nx'],
    ['nx-0123456789ABCDEF', 'nx'],
    // The prefix is text, not a pattern.
    ['nxx-0123456789abcdef', 'nx.'],
  ])('says of %s that it is none with the prefix %s', (tag, start) => {
    expect(formed(tag, start)).toBeUndefined();
  });
});

describe('newestFirst', () => {
  const tag = fc.record({
    ref: fc.string(),
    tagged: fc
      .integer({ min: 0, max: 4e12 })
      .map((time) => new Date(time).toISOString()),
  });

  it('is one order, whatever the order before', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(tag, { selector: ({ ref }) => ref }),
        (tags) => {
          const sorted = newestFirst(tags as DatedTag[]);
          expect(newestFirst([...sorted].reverse())).toEqual(sorted);
          const times = sorted.map(({ tagged }) => Date.parse(tagged));
          expect(times).toEqual([...times].sort((a, b) => b - a));
        },
      ),
    );
  });
});
