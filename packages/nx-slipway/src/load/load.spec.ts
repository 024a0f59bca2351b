import { slipwayError } from '../testing/slipway-error';
import { parseLoad } from './load';
import { RECIPES, clusterOf, recipeFor } from './recipes';

const address = '/run/containerd/containerd.sock';

it('is nothing where nothing is said', () => {
  expect(parseLoad(undefined)).toBeUndefined();
});

it.each(Object.entries(RECIPES))('knows the recipe %s', (name, argv) => {
  expect(parseLoad(name)).toEqual({ argv, address });
  expect(parseLoad({ command: name })).toEqual({ argv, address });
  expect(parseLoad([name])).toEqual({ argv, address });
});

it('takes a command as it is, and what a recipe cannot know', () => {
  const argv = ['./load.sh', '--to=$NODE', '${IMAGE}'];
  expect(parseLoad(argv)).toEqual({ argv, address });
  const k3s = '/run/k3s/containerd/containerd.sock';
  expect(parseLoad({ command: 'containerd', address: k3s })).toEqual({
    argv: RECIPES.containerd,
    address: k3s,
  });
  expect(parseLoad({ command: 'kind', cluster: 'dev' })).toEqual({
    argv: RECIPES.kind,
    address,
    cluster: 'dev',
  });
});

it.each([
  ['kindd', 'INVALID', /load is "kindd", which is no recipe/],
  ['kind load docker-image $IMAGE', 'INVALID', /which is no recipe/],
  [[], 'INVALID', /names no program/],
  [[' ', '$IMAGE'], 'INVALID', /names no program/],
  [['ctr', 1], 'INVALID', /neither a recipe nor a list of words/],
  [['ctr', 'import', '$IMGE'], 'INVALID', /says nothing of the image/],
  [null, 'INVALID', /neither a recipe/],
  [true, 'INVALID', /neither a recipe/],
  [{}, 'INVALID', /command of load is neither/],
  [{ command: 'kind', cluster: 3 }, 'INVALID', /cluster of load is no text/],
  [{ command: 'containerd', address: '' }, 'INVALID', /address of load/],
  [{ command: 'kind', adress: 'x' }, 'UNKNOWN', /no option "adress"/],
] as const)('refuses %j', (option, code, message) => {
  expect(() => parseLoad(option, 'load')).toThrow(
    slipwayError(`SLIPWAY_E_OPTION_${code}`, message),
  );
});

it('knows products and their clusters by contexts', () => {
  const contexts = [
    'kind-dev',
    'k3d-a-b',
    'minikube',
    'kindly',
    'docker-desktop',
  ];
  expect(contexts.map(recipeFor)).toEqual([
    'kind',
    'k3d',
    'minikube',
    undefined,
    undefined,
  ]);
  expect(contexts.map(clusterOf)).toEqual([
    'dev',
    'a-b',
    undefined,
    undefined,
    undefined,
  ]);
});
