import { parsePlatform } from '../image';
import { slipwayError } from '../testing/slipway-error';
import { assertRunnable } from './runnable';

const check = (images: Record<string, string>, nodes?: readonly string[]) =>
  assertRunnable(
    Object.entries(images).map(([name, platform]) => ({
      name,
      platform: parsePlatform(platform),
    })),
    nodes?.map(parsePlatform),
  );

it('lets pass what some node can run, and what nobody knows', () => {
  check({ web: 'linux/amd64', api: 'linux/arm64/v8' }, [
    'linux/amd64',
    'linux/arm64',
  ]);
  check({ web: 'linux/arm64' });
  check({ web: 'linux/arm64' }, []);
  check({}, ['linux/amd64']);
});

it('names each image, its platform, and those of the nodes', () => {
  const images = {
    web: 'linux/arm64',
    db: 'linux/amd64',
    api: 'windows/amd64',
  };
  const nodes = ['linux/amd64', 'linux/amd64', 'linux/s390x'];
  expect(() => check(images, nodes)).toThrow(
    slipwayError(
      'SLIPWAY_E_IMAGE_PLATFORM',
      /web is for linux\/arm64, api is for windows\/amd64; the nodes are linux\/amd64 and linux\/s390x\.$/,
    ),
  );
});
