import type { ExecutorContext } from '@nx/devkit';
import { executorContext } from '../../testing/executor-context';
import { recordingReporter } from '../../testing/recording-reporter';
import { slipwayError } from '../../testing/slipway-error';
import { ownersIn } from '../custom-build/owners';
import { assertEdges } from './graph-edges';
import type { SetRun } from './options';

interface Known {
  /** What the plugin says; none if it is not registered. */
  readonly uses?: readonly string[];
  readonly edges?: readonly string[];
  readonly tasks?: readonly string[];
}

/** `shop` deploys `web`, and the graph knows so much of it. */
function check({ uses, edges = [], tasks = [] }: Known, needsEdges = true) {
  const options = { ref: 'acme/web' };
  const build = { executor: 'nx-slipway:custom-build', options };
  const metadata = { slipway: { uses } } as object;
  const context = executorContext({
    root: '/ws',
    project: 'shop',
    target: 'deploy',
    projects: {
      shop: { root: 'shop', ...(uses && { metadata }) },
      web: { root: 'web', targets: { 'custom-build': build } },
    },
    edges: { shop: edges },
  });
  const taskGraph = {
    dependencies: {
      'shop:deploy': tasks,
      'other:deploy': ['web:custom-build'],
    },
  };
  const reporter = recordingReporter();
  const all = { ...context, taskGraph } as unknown as ExecutorContext;
  const run = { context: all, reporter, needsEdges } as unknown as SetRun;
  assertEdges(ownersIn(context), run);
  return reporter.warnings;
}

describe('an image that a tool puts into manifests', () => {
  it('is not known by a task of it that others wait for', () => {
    expect(() => check({ uses: [], tasks: ['api:custom-build'] })).toThrow(
      slipwayError('SLIPWAY_E_IMAGE_EDGE', /acme\/web/),
    );
  });

  it('stops a deploy that the graph does not know to use it, with the line to add', () => {
    expect(() => check({ uses: [] })).toThrow(
      slipwayError('SLIPWAY_E_IMAGE_EDGE', /use acme\/web, .*web:custom-build/),
    );
    expect(() => check({ uses: ['api'] })).toThrow(
      expect.objectContaining({
        hint: 'Add "images": ["acme/web"] to the options of shop:deploy.',
      }) as Error,
    );
  });

  it('is warned of where nothing is deployed', () => {
    expect(check({ uses: [] }, false)).toEqual([
      expect.stringMatching(/acme\/web.*Add "images": \["acme\/web"\]/),
    ]);
  });

  it.each<[string, Known]>([
    ['stands in what the graph has read', { uses: ['acme/web'] }],
    ['is of a project with an edge', { uses: [], edges: ['web'] }],
    ['is built by a task before', { uses: [], tasks: ['web:custom-build'] }],
    [
      'is built by such a task in a configuration',
      { uses: [], tasks: ['web:custom-build:ci'] },
    ],
    ['nobody has made a graph of images', {}],
  ])('is fine where it %s', (_where, known) => {
    expect(check(known)).toEqual([]);
  });
});
