import { parseReference } from '../../image';
import { Phases, SlipwayError } from '../../report';
import { recordingReporter } from '../../testing/recording-reporter';
import { trustInCluster } from './in-cluster';
import type { Ended } from './settle';

const HASH = `sha256:${'a'.repeat(64)}`;
const DIGEST = `sha256:${'d'.repeat(64)}`;

async function trust(
  ref: string,
  imagesOnNodes?: () => Promise<readonly string[]>,
) {
  const reporter = recordingReporter();
  const systems = { reporter, imagesOnNodes } as unknown as Ended['systems'];
  const phases = new Phases(() => 0);
  const ended = { systems, hash: HASH, phases } as Ended;
  const settled = await trustInCluster(ended, parseReference(ref));
  return { settled, reporter };
}

describe('an image in the cluster’s own runtime', () => {
  it('is trusted, with a notice, under the input hash', async () => {
    const { settled, reporter } = await trust('web:nx-1');
    const ref = parseReference('web:nx-1');
    expect(settled).toEqual({
      contentId: HASH,
      deployRef: { local: ref, cluster: ref },
    });
    expect(reporter.lines).toEqual([expect.stringContaining('is trusted')]);
  });

  it.each([
    ['web:nx-1', 'docker.io/library/web:nx-1'],
    ['gcr.io/acme/web:nx-1', 'gcr.io/acme/web:nx-1'],
    [`gcr.io/acme/web@${DIGEST}`, `gcr.io/acme/web@${DIGEST}`],
  ])('is seen on a node: %s', async (ref, name) => {
    const images = () => Promise.resolve(['<none>:<none>', name]);
    const { reporter } = await trust(ref, images);
    expect(reporter.lines).toEqual([`a node of the cluster has ${ref}`]);
  });

  it.each(['web:nx-2', 'other:nx-1', `web@${DIGEST}`])(
    'is not taken for another: %s',
    async (name) => {
      const { reporter } = await trust('web:nx-1', () =>
        Promise.resolve([name]),
      );
      expect(reporter.lines).toEqual([expect.stringContaining('is trusted')]);
    },
  );

  it('does not fail for a cluster that does not answer', async () => {
    const refused = new SlipwayError({
      code: 'SLIPWAY_E_CLUSTER_REFUSED',
      message: 'no.',
    });
    const { reporter } = await trust('web:nx-1', () => Promise.reject(refused));
    expect(reporter.warnings).toEqual(['the nodes could not be asked: no.']);
  });
});
