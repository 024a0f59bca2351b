import { slipwayError } from '../../testing/slipway-error';
import { imageUseOptions } from './injection';

const given = (options: Record<string, unknown>) => () =>
  imageUseOptions(options);

it('leaves containers alone unless something is said', () => {
  expect(given({})()).toEqual({ matchInEnvVars: false });
});

it('runs a string by the shell of the container, on every system', () => {
  expect(given({ entrypoint: 'exec ./web "$PORT"' })()).toEqual({
    matchInEnvVars: false,
    entrypoint: ['sh', '-c', 'exec ./web "$PORT"'],
  });
});

it('takes lists as they are, an empty word and no args among them', () => {
  const options = {
    matchInEnvVars: true,
    entrypoint: ['node', '', 'server.js'],
    containerArgs: [],
  };
  expect(given(options)()).toEqual(options);
});

it.each([
  [{ entrypoint: '' }, /entrypoint is empty/],
  [{ entrypoint: ' \n' }, /entrypoint is empty/],
  [{ entrypoint: [] }, /entrypoint is empty/],
  [{ entrypoint: ['', 'x'] }, /entrypoint is empty/],
  [{ entrypoint: ['sleep', 5] }, /neither a string nor a list/],
  [{ entrypoint: null }, /neither a string nor a list/],
  [{ containerArgs: '--verbose' }, /containerArgs is no list/],
  [{ containerArgs: [8080] }, /containerArgs is no list/],
  [{ matchInEnvVars: 'yes' }, /matchInEnvVars is neither/],
])('refuses %j', (options, message) => {
  expect(given(options)).toThrow(
    slipwayError('SLIPWAY_E_OPTION_INVALID', message),
  );
});
