import { CUSTOM_BUILD } from './executor-name';
import type { TargetNames } from './plugin-options';

/** What is done with a manifest set, each by an executor of that name. */
export const SET_KINDS = ['render', 'deploy', 'serve', 'down'] as const;
export type SetKind = (typeof SET_KINDS)[number];

const OF_ALL = ['source', 'namespace', 'registry', 'pin', 'images'];
const OF_CLUSTERS = [...OF_ALL, 'context'];

/** Options that say what is deployed and where, by who takes them over. */
export const SHARED_OPTIONS: Readonly<Record<SetKind, readonly string[]>> = {
  render: OF_ALL,
  deploy: OF_CLUSTERS,
  serve: [...OF_CLUSTERS, 'load', 'createNamespace'],
  down: ['namespace', 'context'],
};

export function executorOf(kind: SetKind): string {
  return `nx-slipway:${kind}`;
}

/** Executors that targets of these names have if they name none. */
export function impliedExecutors(names: TargetNames): Map<string, string> {
  return new Map([
    [names.customBuild, CUSTOM_BUILD],
    ...SET_KINDS.map((kind) => [names[kind], executorOf(kind)] as const),
  ]);
}
