import { formatReference, parseReference } from '../../image';
import { registryAt } from '../../testing/registry-option';
import { buildsOf, deliveryOf, refInCluster, type Build } from './builds';

const ID = `sha256:${'1'.repeat(64)}`;

function build(options: Record<string, unknown>): Build {
  return { project: 'p', task: 'p:custom-build', options, recordPaths: [] };
}

it('knows the builds of an image by its name, however it is written', () => {
  const builds = ['web', 'docker.io/library/web:1', 'other', 'Not A Ref', 1];
  const found = buildsOf(
    parseReference('web'),
    builds.map((ref) => build({ ref })),
  );
  expect(found.map(({ options }) => options.ref)).toEqual(builds.slice(0, 2));
});

it.each([
  [{}, false, { by: 'nobody' }],
  [{}, true, { by: 'us' }],
  [{ push: 'never' }, true, { by: 'nobody' }],
  [{ push: 'always' }, false, { by: 'us' }],
  [{ disablePush: true, tag: 'dev' }, true, { by: 'command' }],
  [
    { skipsLocalDocker: true, tag: 'a.b/c:dev' },
    false,
    { by: 'command', to: parseReference('a.b/c:dev') },
  ],
] as const)(
  'delivers, with %j and a registry: %s',
  (options, has, expected) => {
    const registry = has ? registryAt('localhost:5000') : undefined;
    const task = 'p:custom-build';
    expect(deliveryOf(build(options), registry)).toEqual({ task, ...expected });
  },
);

describe('an image in the cluster’s own runtime', () => {
  const both = { disablePush: true, skipsLocalDocker: true };
  const record = {
    schema: 1,
    name: 'gcr.io/acme/web',
    contentId: ID,
    platform: 'linux/amd64',
    inputHash: ID,
  } as const;
  const refOf = (options: Record<string, unknown>, ref?: string) => {
    const found = refInCluster(build(options), { ...record, ref }, 'nx');
    return found && formatReference(found.cluster);
  };

  it.each([
    [both, undefined, 'gcr.io/acme/web:nx-1111111111111111'],
    [{ ...both, tag: 'dev' }, undefined, 'gcr.io/acme/web:dev'],
    [{ ...both, tag: 'a.b/c:dev' }, undefined, 'a.b/c:dev'],
    [{ ...both, outputsImageRefTo: 'f' }, 'a.b/c:v1', 'a.b/c:v1'],
  ])('has, with %j, the ref that it was built by', (options, ref, found) => {
    expect(refOf(options, ref)).toBe(found);
  });

  it.each([{}, { disablePush: true }, { skipsLocalDocker: true }])(
    'is no other: %j',
    (options) => expect(refOf(options)).toBeUndefined(),
  );
});
