import { createDependencies, createNodes } from './index';
import * as plugin from '../index';

const edges = (projects: Readonly<Record<string, object>>) =>
  createDependencies(undefined, { projects: projects as never });
const withEdges = (root: string, found: unknown) => ({
  root,
  metadata: { slipway: { edges: found } },
});

it('edges lead from roots to the names that projects have in the end', () => {
  const projects = {
    '@acme/shop': withEdges('shop', ['web', 'api']),
    renamed: { root: 'web' },
    api: { root: 'api' },
  };
  expect(edges(projects)).toEqual([
    { source: '@acme/shop', target: 'renamed', type: 'implicit' },
    { source: '@acme/shop', target: 'api', type: 'implicit' },
  ]);
});

it('have no file, by which Nx would keep them', () => {
  const [edge] = edges({
    shop: withEdges('shop', ['web']),
    web: { root: 'web' },
  });
  expect(edge).not.toHaveProperty('sourceFile');
});

it.each([
  ['a project that is gone', ['gone']],
  ['itself', ['shop']],
  ['metadata of somebody else', 'web'],
  ['texts alone', [5, null, {}]],
  ['nothing', null],
])('there is none to %s', (_, found) => {
  expect(
    edges({ shop: withEdges('shop', found), web: { root: 'web' } }),
  ).toEqual([]);
});

it('there is none of a project that another plugin has given targets', () => {
  const targets = {
    deploy: { executor: 'nx-slipway:deploy' },
    lint: { executor: 'nx:run-commands' },
  };
  const shop = { ...withEdges('shop', ['web']), targets };
  const web = { root: 'web' };
  expect(edges({ shop, web })).toEqual([]);
  const metadata = { slipway: { edges: ['web'], needsEdges: true } };
  expect(edges({ shop: { ...shop, metadata }, web })).toHaveLength(1);
});

it.each([[undefined], [null], [5], [{ slipway: 5 }], [{ slipway: null }]])(
  'there is none of metadata %j',
  (metadata) => {
    expect(edges({ shop: { root: 'shop', metadata } })).toEqual([]);
  },
);

it('Nx finds the plugin by each name that it looks for', () => {
  expect(plugin).toMatchObject({
    createNodes,
    createNodesV2: createNodes,
    createDependencies,
  });
});

it('no file beside those of projects is looked for: one that is deleted would affect all', () => {
  expect(createNodes[0]).toBe(
    '{project.json,package.json,**/project.json,**/package.json}',
  );
});
