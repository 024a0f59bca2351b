import { assertKnownOptions } from './known-options';
import type { SlipwayError } from './slipway-error';

it.each([
  ['outputImageRefTo', 'Did you mean outputsImageRefTo? The options are '],
  ['skips_local_docker', 'Did you mean skipsLocalDocker? The options are '],
  ['xyz', 'The options are '],
])('names what %s may have been meant to be', (name, start) => {
  const known = ['outputsImageRefTo', 'skipsLocalDocker'];
  try {
    assertKnownOptions([name], known, 'custom-build');
    throw new Error('it was taken');
  } catch (error) {
    expect((error as SlipwayError).hint).toBe(`${start}${known.join(', ')}.`);
  }
});
