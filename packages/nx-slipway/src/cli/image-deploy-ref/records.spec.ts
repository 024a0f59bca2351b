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

async function find(name: string) {
  const warnings: string[] = [];
  const warn = (line: string) => void warnings.push(line);
  const found = await recordNamed(parseReference(name), folder.path, warn);
  return { contentId: found.contentId, warnings };
}

it('finds the record of an image by its name, however it is written', async () => {
  await folder.write({
    '.nx/slipway/web.json': record('web'),
    '.nx/slipway/api.json': record('gcr.io/acme/api', OTHER_ID),
  });
  expect((await find('docker.io/library/web')).contentId).toBe(ID);
  expect((await find('gcr.io/acme/api')).contentId).toBe(OTHER_ID);
});

it('finds that of a project whose name has a slash', async () => {
  await folder.write({ '.nx/slipway/@acme/web.json': record('web') });
  expect((await find('web')).contentId).toBe(ID);
});

it('does not look among locks and ledgers', async () => {
  await folder.write({
    '.nx/slipway/web.json': record('web'),
    '.nx/slipway/state/ledger/web.json': record('web', OTHER_ID),
  });
  expect(await find('web')).toEqual({ contentId: ID, warnings: [] });
});

it('passes over what is no record, and says so', async () => {
  await folder.write({
    '.nx/slipway/web.json': record('web'),
    '.nx/slipway/torn.json': '{ "schema"',
  });
  const { contentId, warnings } = await find('web');
  expect(contentId).toBe(ID);
  expect(warnings).toEqual([expect.stringMatching(/torn\.json is no record/)]);
});

it('takes two records of the same content for one', async () => {
  await folder.write({
    '.nx/slipway/a.json': record('web'),
    '.nx/slipway/b.json': record('web'),
  });
  expect((await find('web')).contentId).toBe(ID);
});

it('refuses to choose between two that differ', async () => {
  await folder.write({
    '.nx/slipway/a.json': record('web'),
    '.nx/slipway/b.json': record('web', OTHER_ID),
  });
  await expect(find('web')).rejects.toThrow(
    slipwayError('SLIPWAY_E_IMAGE_NOT_FOUND', /2 records are of "web"/),
  );
});
