import { parseReference, serializeRecord } from '../../image';
import { slipwayError } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { recordNamed } from './records';

const folder = useTempFolder();
const ID = `sha256:${'1'.repeat(64)}`;
const OTHER_ID = `sha256:${'2'.repeat(64)}`;

const record = (name: string, contentId = ID) =>
  serializeRecord({
    schema: 1,
    name,
    contentId,
    platform: 'linux/amd64',
    inputHash: ID,
  });

/** Of targets whose records are those files. */
async function find(name: string, ...files: string[]) {
  const builds = files.map((file) => ({
    project: 'web',
    task: 'web:custom-build',
    options: {},
    recordPaths: [folder.at(`.nx/slipway/${file}.json`)],
  }));
  const warnings: string[] = [];
  const warn = (line: string) => void warnings.push(line);
  const found = await recordNamed(parseReference(name), builds, warn);
  return { contentId: found.contentId, warnings };
}

it('finds the record of an image by its name, however it is written', async () => {
  await folder.write({
    '.nx/slipway/web.json': record('web'),
    '.nx/slipway/api.json': record('gcr.io/acme/api', OTHER_ID),
  });
  const web = await find('docker.io/library/web', 'web');
  expect(web).toEqual({ contentId: ID, warnings: [] });
  expect((await find('gcr.io/acme/api', 'api')).contentId).toBe(OTHER_ID);
});

it('passes over what is no record of that image, and says so once', async () => {
  await folder.write({
    '.nx/slipway/web.json': record('web'),
    '.nx/slipway/other.json': record('other', OTHER_ID),
    '.nx/slipway/torn.json': '{ "schema"',
  });
  const { contentId, warnings } = await find('web', 'torn', 'other', 'web');
  expect(contentId).toBe(ID);
  expect(warnings).toEqual([
    expect.stringMatching(/torn\.json is no image record/),
  ]);
});

it('takes two records of the same content for one', async () => {
  await folder.write({
    '.nx/slipway/a.json': record('web'),
    '.nx/slipway/b.json': record('web'),
  });
  expect((await find('web', 'a', 'b')).contentId).toBe(ID);
});

it('refuses to choose between two that differ', async () => {
  await folder.write({
    '.nx/slipway/a.json': record('web'),
    '.nx/slipway/b.json': record('web', OTHER_ID),
  });
  await expect(find('web', 'a', 'b')).rejects.toThrow(
    slipwayError('SLIPWAY_E_IMAGE_NOT_FOUND', /2 records are of "web"/),
  );
});

it('says what builds an image that was not built yet', async () => {
  await expect(find('web', 'none')).rejects.toMatchObject({
    code: 'SLIPWAY_E_IMAGE_NOT_FOUND',
    hint: expect.stringMatching(
      /^Build it: nx run web:custom-build\. .*cache.*--skip-nx-cache.*outputs.*\{workspaceRoot\}\/\.nx\/slipway\/web\.json/,
    ) as string,
  });
});
