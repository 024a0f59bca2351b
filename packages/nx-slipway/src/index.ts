/**
 * The plugin that nx.json names. It holds the workspace's options, which the
 * executors read; at graph time it runs nothing.
 */
export const name = 'nx-slipway';
export type { PluginOptions } from './executors';
export type { CustomBuildExecutorSchema } from './executors/custom-build/schema';
