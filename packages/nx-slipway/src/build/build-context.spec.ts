import { parseReference } from '../image';
import { parseRegistry } from '../settings';
import { formatBuildContext, parseBuildContext } from './build-context';
import type { BuildPlan } from './plan';

const registry = parseRegistry(
  { host: 'localhost:5000', hostFromCluster: 'registry:5000' },
  'registry',
);
const context = {
  root: '/w',
  imageName: parseReference('gcr.io/acme/x'),
  registry,
  tagPrefix: 'nx',
  pin: 'both',
} as const;

describe('the context of a build command', () => {
  it.each([
    ['with a registry', context],
    ['without', { ...context, registry: undefined }],
  ])('is read as it was written, %s', (_what, given) => {
    const text = formatBuildContext(given as unknown as BuildPlan);
    expect(parseBuildContext(text)).toEqual(given);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"root":"/w"}',
    '{"root":"/w","ref":"X","tagPrefix":"nx","pin":"both"}',
    '{"root":"/w","ref":"x","tagPrefix":"a b","pin":"both"}',
    '{"root":"/w","ref":"x","tagPrefix":"nx","pin":"all"}',
    '{"root":"/w","ref":"x","tagPrefix":"nx","pin":"tag","registry":{"host":"$(x)"}}',
    '{"root":"/w","ref":"x","tagPrefix":"nx","pin":"tag","registry":7}',
  ])('is none if it is not as we write it: %s', (text) => {
    expect(parseBuildContext(text)).toBeUndefined();
  });
});
