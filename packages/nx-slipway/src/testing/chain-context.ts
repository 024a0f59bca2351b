import type {
  ExecutorContext,
  NxJsonConfiguration,
  ProjectConfiguration,
} from '@nx/devkit';
import { executorContext, type ContextParts } from './executor-context';

type NamedInputs = ProjectConfiguration['namedInputs'];

export interface Chain {
  /** Of nx.json. */
  readonly nxInputs?: NxJsonConfiguration['namedInputs'];
  /** Of a project, by its root. */
  readonly own?: Readonly<Record<string, NamedInputs>>;
  readonly edges?: ContextParts['edges'];
}

/** Of app, which depends on lib; lib depends on deep. */
export function chainContext({
  nxInputs,
  own = {},
  edges = { app: ['lib'], lib: ['deep'] },
}: Chain): ExecutorContext {
  const project = (root: string): ProjectConfiguration => ({
    root,
    namedInputs: own[root],
  });
  return executorContext({
    root: '/ws',
    nxJson: { namedInputs: nxInputs },
    projects: {
      app: project('apps/app'),
      lib: project('libs/lib'),
      deep: project('libs/deep'),
    },
    edges,
  });
}
