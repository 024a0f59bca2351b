import { parseReference } from '../image';
import { errorOf } from '../testing/slipway-error';
import { findImage } from './find-image';
import type { BuildPlan, TaggedReference } from './plan';

const ref = parseReference('web:dev') as TaggedReference;
const platform = { os: 'linux', architecture: 'amd64' };

function find(source: BuildPlan['source']) {
  const docker = {
    address: 'unix:///run/docker.sock',
    inspect: () => Promise.resolve(undefined),
  };
  return errorOf(findImage(docker, ref, { platform, source }));
}

describe('an image that is not there', () => {
  it.each([
    [{ kind: 'expected' }, /-t \$EXPECTED_REF \./],
    [{ kind: 'tag', tag: 'dev' }, /option tag/],
    [{ kind: 'ref', ref }, /option tag/],
    [{ kind: 'file', path: '/ref.txt' }, /outputsImageRefTo/],
  ] as const)(
    'has a hint for how the ref is known: %j',
    async (source, hint) => {
      const error = await find(source);
      expect(error.code).toBe('SLIPWAY_E_IMAGE_NOT_FOUND');
      expect(error.message).toContain('no image web:dev in Docker at unix:');
      expect(error.hint).toMatch(hint);
    },
  );

  it('is not blamed on a variable that is not set', async () => {
    const error = await find({ kind: 'file', path: '/ref.txt' });
    expect(error.hint).not.toContain('EXPECTED_REF');
  });
});
