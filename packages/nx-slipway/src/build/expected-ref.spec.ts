import fc from 'fast-check';
import { formatReference, parseReference, type Registry } from '../image';
import { mappableName } from '../testing/arbitraries';
import {
  contractVariables,
  expandVariables,
  expectedRef,
} from './expected-ref';

const registry: Registry = {
  host: 'localhost:5000',
  hostFromCluster: 'registry:5000',
  singleName: '',
  naming: 'escape',
  insecure: false,
  caFile: '',
};

function variablesOf(name: string, to?: Registry) {
  const expected = expectedRef(parseReference(name), to, 'nx');
  return { ...contractVariables(expected, to), tag: expected.ref.tag };
}

describe('expectedRef', () => {
  it('has 64 random bits, so that no two builds meet', () => {
    const tags = Array.from({ length: 50 }, () => variablesOf('x').tag);
    for (const tag of tags) expect(tag).toMatch(/^nx-build-[0-9a-f]{16}$/);
    expect(new Set(tags).size).toBe(50);
  });

  it('names the image in the tag where all share one repository', () => {
    const single = { ...registry, singleName: 'all' };
    const { ref } = expectedRef(parseReference('acme/x'), single, 'nx');
    expect(formatReference(ref)).toMatch(
      /^localhost:5000\/all:acme_x-nx-build-[0-9a-f]{16}$/,
    );
  });
});

describe('contractVariables', () => {
  it('are of the mapped name where a registry is in force', () => {
    const { tag, ...variables } = variablesOf('gcr.io/acme/x', registry);
    expect(variables).toEqual({
      EXPECTED_REF: `localhost:5000/gcr.io_acme_x:${tag}`,
      EXPECTED_REGISTRY: 'localhost:5000',
      EXPECTED_IMAGE: 'gcr.io_acme_x',
      EXPECTED_TAG: tag,
      REGISTRY_HOST: 'localhost:5000',
    });
  });

  it('are of the name itself where none is', () => {
    const { tag, ...variables } = variablesOf('gcr.io/acme/x');
    expect(variables).toEqual({
      EXPECTED_REF: `gcr.io/acme/x:${tag}`,
      EXPECTED_REGISTRY: 'gcr.io',
      EXPECTED_IMAGE: 'acme/x',
      EXPECTED_TAG: tag,
    });
  });

  it('name no registry for Docker Hub', () => {
    const { tag, ...variables } = variablesOf('frontend');
    expect(variables).toEqual({
      EXPECTED_REF: `frontend:${tag}`,
      EXPECTED_IMAGE: 'frontend',
      EXPECTED_TAG: tag,
    });
  });

  it('always make up EXPECTED_REF, which is the ref that is looked for', () => {
    const hosts = fc.constantFrom('localhost:5000', 'a.b/c', 'docker.io/acme');
    const somewhere = fc.option(
      hosts.map((host) => ({ ...registry, host })),
      { nil: undefined },
    );
    fc.assert(
      fc.property(mappableName, somewhere, (name, to) => {
        const expected = expectedRef(name, to, 'nx');
        const {
          EXPECTED_REF,
          EXPECTED_REGISTRY,
          EXPECTED_IMAGE,
          EXPECTED_TAG,
        } = contractVariables(expected, to);
        const host = EXPECTED_REGISTRY ? `${EXPECTED_REGISTRY}/` : '';
        expect(EXPECTED_REF).toBe(`${host}${EXPECTED_IMAGE}:${EXPECTED_TAG}`);
        expect(parseReference(EXPECTED_REF ?? '')).toEqual(expected.ref);
      }),
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
