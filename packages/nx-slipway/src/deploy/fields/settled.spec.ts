import fc from 'fast-check';
import { isSettled } from './settled';

const wanted = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels: { a: '1' } },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          {
            name: 'main',
            image: 'web:1',
            args: ['-v', '-x'],
            ports: [{ containerPort: 80 }],
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
          },
        ],
        volumes: [{ name: 'tmp', emptyDir: {} }],
      },
    },
  },
};
/** As Kubernetes 1.34 answered when that was applied. */
const fieldsV1 = {
  'f:metadata': { 'f:labels': { 'f:a': {} } },
  'f:spec': {
    'f:selector': {},
    'f:template': {
      'f:metadata': { 'f:labels': { 'f:app': {} } },
      'f:spec': {
        'f:containers': {
          'k:{"name":"main"}': {
            '.': {},
            'f:name': {},
            'f:image': {},
            'f:args': {},
            'f:ports': {
              'k:{"containerPort":80,"protocol":"TCP"}': {
                '.': {},
                'f:containerPort': {},
              },
            },
            'f:env': {
              'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} },
              'k:{"name":"B"}': { '.': {}, 'f:name': {}, 'f:value': {} },
            },
          },
        },
        'f:volumes': {
          'k:{"name":"tmp"}': { '.': {}, 'f:name': {}, 'f:emptyDir': {} },
        },
      },
    },
  },
};
const ours = {
  manager: 'nx-slipway',
  operation: 'Apply',
  apiVersion: 'apps/v1',
  fieldsV1,
};

interface Container {
  image?: string;
  args?: string[];
  env?: object[];
  ports?: object[];
  [key: string]: unknown;
}

/** What the server makes of it, with defaults and an object of others in it. */
function stored(managedFields: readonly object[] = [ours]) {
  const live = structuredClone(wanted) as typeof wanted & { status: object };
  const { spec } = live.spec.template;
  const [main] = spec.containers as Container[];
  Object.assign(main ?? {}, {
    ports: [{ containerPort: 80, protocol: 'TCP' }],
    imagePullPolicy: 'IfNotPresent',
    env: [
      { name: 'INJECTED', value: 'x' },
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ],
  });
  Object.assign(live.spec, { replicas: 1 });
  const metadata = {
    ...live.metadata,
    labels: { a: '1', theirs: 'x' },
    managedFields,
  };
  return { ...live, metadata, status: { replicas: 1 } };
}

const changed = (change: (container: Container) => void) => {
  const copy = structuredClone(wanted);
  change(copy.spec.template.spec.containers[0] as Container);
  return copy;
};

describe('an object that need not be sent', () => {
  it('is as it was applied, with all that the server and others have added', () => {
    expect(isSettled(wanted, stored())).toBe(true);
  });

  it.each<[string, (container: Container) => void]>([
    ['another value', (each) => (each.image = 'web:2')],
    [
      'another item of a list that is one value',
      (each) => (each.args = ['-v']),
    ],
    ['one field more', (each) => (each.tty = true)],
    ['one field less', (each) => delete each.image],
    ['one item more', (each) => each.env?.push({ name: 'C', value: '3' })],
    ['one item less', (each) => each.env?.pop()],
    ['items in another order', (each) => each.env?.reverse()],
    ['another key', (each) => (each.ports = [{ containerPort: 81 }])],
    [
      'another protocol',
      (each) => (each.ports = [{ containerPort: 80, protocol: 'UDP' }]),
    ],
  ])('is not: %s', (_, change) => {
    expect(isSettled(changed(change), stored())).toBe(false);
  });

  it('is not one that others have changed', () => {
    const live = stored();
    live.spec.template.spec.containers[0]!.image = 'other';
    expect(isSettled(wanted, live)).toBe(false);
  });

  it('is not one that is not ours, of another version, or still of kubectl', () => {
    expect(isSettled(wanted, stored([]))).toBe(false);
    expect(
      isSettled(wanted, stored([{ ...ours, apiVersion: 'apps/v1beta1' }])),
    ).toBe(false);
    expect(isSettled(wanted, stored([{ ...ours, operation: 'Update' }]))).toBe(
      false,
    );
    const kubectl = { ...ours, manager: 'kubectl-client-side-apply' };
    expect(isSettled(wanted, stored([ours, kubectl]))).toBe(false);
  });

  it('is not one with any other value anywhere', () => {
    const paths = pathsIn(wanted.spec);
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.jsonValue({ maxDepth: 1 }),
        (path, value) => {
          const copy = structuredClone(wanted);
          const last = path.at(-1) as string;
          const parent = path
            .slice(0, -1)
            .reduce<Record<string, unknown>>(
              (at, name) => at[name] as Record<string, unknown>,
              copy.spec as Record<string, unknown>,
            );
          fc.pre(JSON.stringify(parent[last]) !== JSON.stringify(value));
          parent[last] = value;
          expect(isSettled(copy, stored())).toBe(false);
        },
      ),
    );
  });
});

/** Of all that is no object and no list. */
function pathsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  return Object.entries(value).flatMap(([name, inner]) =>
    pathsIn(inner).map((path) => [name, ...path]),
  );
}
