import type { NxJsonConfiguration } from '@nx/devkit';

/** nx.json, as far as the graph looks at it. */
export type NxJson = Pick<
  NxJsonConfiguration,
  'namedInputs' | 'targetDefaults' | 'plugins'
>;
