import fc from 'fast-check';
import { RECIPES } from './recipes';
import { expand, namesIn, type Variables } from './words';

const VARIABLES: Variables = {
  IMAGE: 'web:nx-0123456789abcdef',
  NODE: 'kind-worker',
  ARCHIVE: '/tmp/slipway-load-1/image.tar',
  CONTEXT: 'kind-dev',
  CLUSTER: 'dev',
  ADDRESS: '/run/containerd/containerd.sock',
};

it('replaces whole words and parts of them', () => {
  const argv = ['x', '$IMAGE', '--to=$NODE', '${CLUSTER}-$CONTEXT', '$$IMAGE'];
  expect(expand(argv, VARIABLES)).toEqual([
    'x',
    'web:nx-0123456789abcdef',
    '--to=kind-worker',
    'dev-kind-dev',
    '$web:nx-0123456789abcdef',
  ]);
});

it('leaves alone what is not ours, and what has no value', () => {
  const argv = ['$HOME', '$IMAGES', '${image}', '$', '${NODE', '$NODE'];
  expect(expand(argv, { ...VARIABLES, NODE: undefined })).toEqual(argv);
  expect([...namesIn(['$IMAGES', '${NODE}$ARCHIVE', '$HOME'])]).toEqual([
    'NODE',
    'ARCHIVE',
  ]);
});

it('keeps the number of words, and reads no value again', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('$IMAGE', 'a${NODE}b', '$ARCHIVE$CLUSTER'),
  );
  fc.assert(
    fc.property(fc.array(word), fc.string(), (argv, value) => {
      const all = Object.keys(VARIABLES).map((name) => [name, value] as const);
      const values = Object.fromEntries(all) as unknown as Variables;
      const made = expand(argv, values);
      expect(made).toHaveLength(argv.length);
      for (const [index, text] of argv.entries()) {
        if (namesIn([text]).size === 0) expect(made[index]).toBe(text);
        else expect(made[index]).toContain(value);
      }
    }),
  );
});

it('makes what the products are to be called with', () => {
  const made = Object.values(RECIPES).map((argv) =>
    expand(argv, VARIABLES).join(' '),
  );
  expect(made).toEqual([
    'kind load docker-image web:nx-0123456789abcdef --name dev',
    'k3d image import web:nx-0123456789abcdef --cluster dev',
    'minikube image load --daemon --profile kind-dev web:nx-0123456789abcdef',
    'ctr --address /run/containerd/containerd.sock --namespace k8s.io images import /tmp/slipway-load-1/image.tar',
  ]);
});
