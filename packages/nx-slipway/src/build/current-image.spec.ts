import { connectDocker, type DockerEngine } from '../docker';
import { contentId, identityOfInspect, serializeRecord } from '../image';
import type { ImageRecord } from '../image';
import { ledgerFolder, openLedger, type Built } from '../state';
import { defaultPlan } from '../testing/build-plan';
import { inspectOf, useDockerApi } from '../testing/docker-api';
import { recordingReporter } from '../testing/recording-reporter';
import { useTempFolder } from '../testing/temp-folder';
import { parseReference } from '../image';
import { currentImage } from './current-image';
import { ledgerKey } from './destination';
import type { BuildPlan } from './plan';
import type { BuildSystems } from './systems';

const folder = useTempFolder();
const api = useDockerApi(folder);
const HASH = `sha256:${'a'.repeat(64)}`;
const GONE = `sha256:${'b'.repeat(64)}`;
const WRITTEN = 'localhost:5000/web:v1';

let docker: DockerEngine;
/** Of the one image in Docker. */
let id: string;

beforeEach(() => {
  docker = connectDocker({ DOCKER_HOST: api.address });
  const image = { layers: [`sha256:${'c'.repeat(64)}`] };
  const { layers } = image;
  id = contentId(identityOfInspect(inspectOf({ id: '', tags: [], layers })));
  api.add({ layers, tags: [`web:nx-${id.slice(7, 23)}`] });
});
afterEach(() => docker.close());

function planOf(parts: Partial<BuildPlan> = {}): BuildPlan {
  const plan = defaultPlan({
    root: folder.path,
    name: 'web',
    command: 'true',
    host: 'localhost:5000',
  });
  return { ...plan, registry: undefined, push: false, ...parts };
}

/** What is taken for the image of HASH, and what is said of the record. */
async function look(
  record: Partial<ImageRecord>,
  plan = planOf(),
  built?: Built,
) {
  const text = serializeRecord({
    schema: 1,
    name: 'web',
    contentId: id,
    platform: 'linux/amd64',
    inputHash: HASH,
    ...record,
  });
  await folder.write({ '.nx/slipway/web.json': text });
  const ledger = openLedger(ledgerFolder(folder.path));
  if (built) await ledger.rememberBuilt(ledgerKey(plan), HASH, built);
  const reporter = recordingReporter();
  const systems = { docker, ledger, reporter } as unknown as BuildSystems;
  const found = await currentImage(plan, HASH, systems);
  return { id: found?.contentId, warnings: reporter.warnings };
}

const toFile: Partial<BuildPlan> = {
  source: { kind: 'file', path: '/ws/ref.txt' },
};

describe('the record of an image', () => {
  it('is taken when it is of these inputs and its image stands', async () => {
    expect(await look({})).toEqual({ id, warnings: [] });
  });

  it.each([
    ['of another image', { name: 'other' }, /of other, not of web/],
    ['of other inputs', { inputHash: GONE }, /of other inputs/],
    [
      'of an image that is gone',
      { contentId: GONE },
      /nx-b{16}.* is not where/,
    ],
    ['with a ref that nobody wrote', { ref: WRITTEN }, /which nobody wrote/],
  ])('is told and not used when it is %s', async (_what, record, why) => {
    const { id: found, warnings } = await look(record);
    expect(found).toBeUndefined();
    expect(warnings).toEqual([
      expect.stringMatching(/^\.nx\/slipway\/web\.json is not used: .+\.$/),
    ]);
    expect(warnings[0]).toMatch(why);
  });

  it.each(['evil.test/web:v1', 'localhost:5000/other:v1', 'web2:v1'])(
    'is told and not used when it names %s, of another repository',
    async (ref) => {
      const { id: found, warnings } = await look({ ref }, planOf(toFile));
      expect(found).toBeUndefined();
      expect(warnings).toEqual([
        expect.stringContaining(`names ${ref}, which is no ref of web.`),
      ]);
    },
  );

  it('is taken with a ref of any repository that this machine saw written', async () => {
    const ref = 'tools.test/mine:v1';
    api.add({
      layers: [`sha256:${'c'.repeat(64)}`],
      tags: [`tools.test/mine:nx-${id.slice(7, 23)}`],
    });
    const built = { contentId: id, ref };
    expect(await look({ ref }, planOf(toFile), built)).toEqual({
      id,
      warnings: [],
    });
  });

  it('gives way to what this machine built of the same inputs', async () => {
    const built = { contentId: id };
    expect(await look({ contentId: GONE }, planOf(), built)).toEqual({
      id,
      warnings: [],
    });
  });

  it('is of its own repository when that is the name itself', async () => {
    const plan = planOf({
      ...toFile,
      imageName: parseReference('gcr.io/a/web'),
    });
    const ref = 'gcr.io/a/web:v1';
    const { warnings } = await look({ name: 'gcr.io/a/web', ref }, plan);
    expect(warnings).toEqual([expect.stringContaining('is not where')]);
  });
});
