import { contentId, contentTag, identityOfInspect } from '../image';
import { inspectOf, useDockerApi } from '../testing/docker-api';
import { useTempFolder } from '../testing/temp-folder';
import { runSlipway } from './run';
import { recordingTerminal } from './testing/recording-terminal';

const folder = useTempFolder();
const api = useDockerApi(folder);

/** An image with its own content tag, tagged on that day of a January. */
function store(repository: string, day: number, prefix = 'nx'): string {
  const lastTagTime = `2026-01-0${day}T00:00:00Z`;
  const image = api.add({ lastTagTime, bytes: 1_500_000 });
  const id = contentId(identityOfInspect(inspectOf(image)));
  const ref = `${repository}:${contentTag(id, prefix)}`;
  image.tags.push(ref);
  return ref;
}

async function prune(...argv: string[]) {
  const env = { DOCKER_HOST: api.address };
  const terminal = recordingTerminal({ cwd: folder.path, env });
  expect(await runSlipway(['prune', ...argv], terminal)).toBe(0);
  expect(terminal.warnings).toEqual([]);
  return terminal.printed();
}

const refs = () => api.images.flatMap(({ tags }) => tags);

describe('slipway prune', () => {
  it('removes the old tags of each image and tells of it', async () => {
    store('web', 1);
    const kept = store('web', 2);
    const other = store('localhost:5000/api', 1);
    expect(await prune('--keep', '1')).toBe(
      [
        'IMAGE  KEPT  REMOVED  IN USE  LEFT BY KILLED  MB',
        'web    1     1        0       0               1.5',
        '1 of 2 images had tags that were too old or left behind.',
        '',
      ].join('\n'),
    );
    expect(refs()).toEqual([kept, other]);
  });

  it('says that no image has old tags', async () => {
    store('web', 1);
    expect(await prune()).toBe(
      '0 of 1 images had tags that were too old or left behind.\n',
    );
  });

  it('only tells in a dry run', async () => {
    store('web', 1);
    store('web', 2);
    expect(await prune('--keep', '1', '--dry-run')).toMatch(
      /WOULD GO.*\n1 of 1 images have tags that are too old or left behind\.\n$/s,
    );
    expect(refs()).toHaveLength(2);
  });

  it('keeps five unless told otherwise', async () => {
    for (let day = 1; day <= 7; day++) store('web', day);
    await prune();
    expect(refs()).toHaveLength(5);
  });

  it('tells as JSON what went', async () => {
    const old = store('web', 1);
    store('web', 2);
    expect(JSON.parse(await prune('--keep', '1', '--json'))).toEqual([
      expect.objectContaining({ repository: 'web', removed: [old] }),
    ]);
  });

  it('knows tags by another prefix, and no others then', async () => {
    store('web', 1);
    store('web', 2, 'ci');
    const printed = await prune('--tag-prefix', 'ci', '--json');
    expect(JSON.parse(printed)).toHaveLength(1);
    expect(await prune('--tag-prefix', 'xx')).toMatch(/no tags of ours \(xx-/);
  });
});
