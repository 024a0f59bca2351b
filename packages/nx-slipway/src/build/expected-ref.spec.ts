import fc from 'fast-check';
import { twoNames } from '../testing/registry-option';
import { formatReference, parseReference, type Registry } from '../image';
import { imageName } from '../testing/arbitraries';
import {
  contractVariables,
  expandVariables,
  expectedRef,
  isTransient,
} from './expected-ref';
import type { BuildPlan, RefSource, Store } from './plan';

const registry = twoNames;
const place = { machine: 'here', workspace: '/w' };
const HASH = `sha256:${'0123456789abcdef'.repeat(4)}`;

interface Asked {
  readonly name?: string;
  readonly to?: Registry;
  readonly store?: Store;
  readonly source?: RefSource;
}

/** As much of a plan as a ref depends on. */
function planOf({ name = 'gcr.io/acme/x', to, store, source }: Asked = {}) {
  return {
    imageName: parseReference(name),
    registry: to,
    store: store ?? 'docker',
    source: source ?? { kind: 'expected' },
    tagPrefix: 'nx',
  } as BuildPlan;
}

function refOf(asked: Asked, where = place, hash = HASH) {
  const ref = expectedRef(planOf(asked), where, hash);
  return ref && formatReference(ref);
}

function variablesOf(asked: Asked) {
  const plan = planOf(asked);
  const expected = expectedRef(plan, place, HASH);
  const tag = expected?.tag ?? '';
  return { ...contractVariables(expected, plan), tag };
}

const tag: RefSource = { kind: 'tag', tag: 'dev' };
const full: RefSource = {
  kind: 'ref',
  ref: { domain: 'a.b', path: 'c/d', tag: 'dev' },
};
const file: RefSource = { kind: 'file', path: '/w/ref.txt' };

describe('expectedRef', () => {
  it('has 64 random bits in Docker, so that no two builds meet', () => {
    const refs = Array.from({ length: 50 }, () => refOf({ name: 'x' }));
    for (const ref of refs) expect(ref).toMatch(/^x:nx-build-[0-9a-f]{16}$/);
    expect(new Set(refs).size).toBe(50);
  });

  it.each(['registry', 'docker-and-registry'] as const)(
    'is the same each time in a %s, for one machine, workspace and name',
    (store) => {
      const asked = { to: registry, store };
      const ref = refOf(asked);
      expect(ref).toMatch(
        /^localhost:5000\/gcr\.io_acme_x:nx-build-[0-9a-f]{16}$/,
      );
      expect(refOf(asked, place, 'sha256:other')).toBe(ref);
      expect(refOf(asked, { ...place, machine: 'there' })).not.toBe(ref);
      expect(refOf(asked, { ...place, workspace: '/v' })).not.toBe(ref);
      expect(refOf({ ...asked, name: 'y' })).not.toBe(ref);
    },
  );

  it('is of the input hash in the cluster, under the name as it is written', () => {
    expect(refOf({ to: registry, store: 'cluster' })).toBe(
      'gcr.io/acme/x:nx-0123456789abcdef',
    );
  });

  it.each([
    ['docker', 'gcr.io/acme/x:dev'],
    ['docker-and-registry', 'gcr.io/acme/x:dev'],
    ['cluster', 'gcr.io/acme/x:dev'],
    ['registry', 'localhost:5000/gcr.io_acme_x:dev'],
  ] as const)('with a bare tag and store %s is %s', (store, ref) => {
    expect(refOf({ to: registry, store, source: tag })).toBe(ref);
  });

  it.each(['docker', 'docker-and-registry', 'registry', 'cluster'] as const)(
    'is a full ref as it stands, and none where the command writes its own: %s',
    (store) => {
      expect(refOf({ to: registry, store, source: full })).toBe('a.b/c/d:dev');
      expect(refOf({ to: registry, store, source: file })).toBeUndefined();
    },
  );

  it('names the image in the tag where all share one repository', () => {
    const single = { ...registry, singleName: 'all' };
    expect(refOf({ name: 'acme/x', to: single })).toMatch(
      /^localhost:5000\/all:acme_x-nx-build-[0-9a-f]{16}$/,
    );
    expect(
      refOf({ name: 'acme/x', to: single, store: 'registry', source: tag }),
    ).toBe('localhost:5000/all:acme_x-dev');
  });
});

describe('isTransient', () => {
  it.each([
    [{}, true],
    [{ store: 'docker-and-registry' }, true],
    [{ store: 'cluster' }, false],
    [{ source: tag }, false],
    [{ source: full }, false],
  ] as const)('of %j is %s', (asked, is) => {
    expect(isTransient(planOf(asked))).toBe(is);
  });
});

describe('contractVariables', () => {
  it('are of the mapped name where a registry is in force', () => {
    const { tag: build, ...variables } = variablesOf({ to: registry });
    expect(variables).toEqual({
      EXPECTED_REF: `localhost:5000/gcr.io_acme_x:${build}`,
      EXPECTED_REGISTRY: 'localhost:5000',
      EXPECTED_IMAGE: 'gcr.io_acme_x',
      EXPECTED_TAG: build,
      REGISTRY_HOST: 'localhost:5000',
    });
  });

  it('are of the name itself where none is', () => {
    const { tag: build, ...variables } = variablesOf({});
    expect(variables).toEqual({
      EXPECTED_REF: `gcr.io/acme/x:${build}`,
      EXPECTED_REGISTRY: 'gcr.io',
      EXPECTED_IMAGE: 'acme/x',
      EXPECTED_TAG: build,
    });
  });

  it('name no registry for Docker Hub', () => {
    const { tag: build, ...variables } = variablesOf({ name: 'frontend' });
    expect(variables).toEqual({
      EXPECTED_REF: `frontend:${build}`,
      EXPECTED_IMAGE: 'frontend',
      EXPECTED_TAG: build,
    });
  });

  it('have no EXPECTED_REGISTRY with a bare tag, as in Tilt', () => {
    expect(variablesOf({ to: registry, source: tag })).toEqual({
      EXPECTED_REF: 'gcr.io/acme/x:dev',
      EXPECTED_IMAGE: 'gcr.io/acme/x',
      EXPECTED_TAG: 'dev',
      REGISTRY_HOST: 'localhost:5000',
      tag: 'dev',
    });
  });

  it('have the own registry of a full ref', () => {
    expect(variablesOf({ to: registry, source: full })).toMatchObject({
      EXPECTED_REGISTRY: 'a.b',
      EXPECTED_IMAGE: 'c/d',
      REGISTRY_HOST: 'localhost:5000',
    });
  });

  it('name the file, and no ref, where the command writes its own', () => {
    expect(variablesOf({ to: registry, source: file })).toEqual({
      REGISTRY_HOST: 'localhost:5000',
      SLIPWAY_OUTPUT_REF_FILE: '/w/ref.txt',
      tag: '',
    });
  });

  it('always make up EXPECTED_REF, which is the ref that is looked for', () => {
    const hosts = fc.constantFrom('localhost:5000', 'a.b/c', 'docker.io/acme');
    const somewhere = fc.option(
      hosts.map((host) => ({ ...registry, host })),
      { nil: undefined },
    );
    const stores = fc.constantFrom<Store>('docker', 'registry', 'cluster');
    const sources = fc.constantFrom<RefSource>({ kind: 'expected' }, tag, full);
    fc.assert(
      fc.property(
        ...([imageName, somewhere, stores, sources] as const),
        (name, to, store, source) => {
          const plan = { ...planOf({ to, store, source }), imageName: name };
          const expected = expectedRef(plan, place, HASH);
          const {
            EXPECTED_REF,
            EXPECTED_REGISTRY,
            EXPECTED_IMAGE,
            EXPECTED_TAG,
          } = contractVariables(expected, plan);
          const host = EXPECTED_REGISTRY ? `${EXPECTED_REGISTRY}/` : '';
          expect(EXPECTED_REF).toBe(`${host}${EXPECTED_IMAGE}:${EXPECTED_TAG}`);
          expect(parseReference(EXPECTED_REF ?? '')).toEqual(expected);
        },
      ),
    );
  });
});

describe('expandVariables', () => {
  const variables = { EXPECTED_REF: 'x:1', EXPECTED_TAG: '$EXPECTED_REF' };

  it.each([
    ['$EXPECTED_REF', 'x:1'],
    ['-t=${EXPECTED_REF},a', '-t=x:1,a'],
    ['$EXPECTED_REF$EXPECTED_REF', 'x:1x:1'],
    ['$EXPECTED_REF-$EXPECTED_REF.', 'x:1-x:1.'],
    // Once only: a value is not looked into.
    ['$EXPECTED_TAG', '$EXPECTED_REF'],
    ['$HOME ${HOME}', '$HOME ${HOME}'],
    ['$EXPECTED_REFS $EXPECTED_REFx', '$EXPECTED_REFS $EXPECTED_REFx'],
    [
      '${EXPECTED_REF:-a} $(EXPECTED_REF)',
      '${EXPECTED_REF:-a} $(EXPECTED_REF)',
    ],
    ['$constructor ${__proto__}', '$constructor ${__proto__}'],
    ['100$ $', '100$ $'],
  ])('makes of %s: %s', (text, expanded) => {
    expect(expandVariables(text, variables)).toBe(expanded);
  });

  it('leaves a text without a dollar as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const plain = text.replaceAll('$', '');
        expect(expandVariables(plain, variables)).toBe(plain);
      }),
    );
  });
});
