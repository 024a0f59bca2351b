import type { ServeStatus } from '../../serve';
import { age, formatStatus } from './format-status';

const NOW = Date.parse('2026-01-31T12:00:00.000Z');
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

const status: ServeStatus = {
  schema: 1,
  pid: 4711,
  startedAt: ago(3700),
  context: 'kind-dev',
  trigger: 'manual',
  isPaused: true,
  isUpToDate: false,
  images: [
    { name: 'api', state: 'current', since: ago(65), ref: 'reg/api:nx-1' },
    {
      name: 'frontend',
      state: 'failed',
      since: ago(5),
      fault: {
        code: 'SLIPWAY_E_COMMAND_FAILED',
        message: 'it failed. Its last lines:\n    \u001b[31mred\u001b[0m',
        hint: 'mend it',
      },
    },
  ],
  projects: [
    {
      name: 'shop',
      configuration: 'dev',
      namespace: 'shop',
      state: 'ready',
      since: ago(60),
    },
  ],
  portForwards: [
    {
      project: 'shop',
      object: 'deployment/web',
      url: 'http://localhost:8080',
      pod: 'web-1',
    },
  ],
};

it('shows what there is, in which state, and what is wrong', () => {
  expect(formatStatus(status, NOW).split('\n')).toEqual([
    'nx serve, pid 4711 · for 1h01m · context kind-dev · trigger manual · paused · not up to date',
    'IMAGE     STATE    FOR    REF',
    'api       current  1m05s  reg/api:nx-1',
    'frontend  failed   5s',
    'PROJECT   STATE    FOR    NAMESPACE',
    'shop:dev  ready    1m00s  shop',
    'http://localhost:8080 -> deployment/web, web-1',
    'frontend: SLIPWAY_E_COMMAND_FAILED: it failed. Its last lines:',
    '    red',
    '  hint: mend it',
    '',
  ]);
});

it('says no more of a serve that is well', () => {
  const well: ServeStatus = {
    ...status,
    trigger: 'auto',
    isPaused: false,
    isUpToDate: true,
  };
  expect(formatStatus(well, NOW).split('\n')[0]).toBe(
    'nx serve, pid 4711 · for 1h01m · context kind-dev · up to date',
  );
});

it.each([
  [-5000, '0s'],
  [59_999, '59s'],
  [60_000, '1m00s'],
  [3_599_999, '59m59s'],
  [93_600_000, '26h00m'],
  [NaN, '?'],
])('%d ms are %s', (ms, shown) => {
  expect(age(ms)).toBe(shown);
});
