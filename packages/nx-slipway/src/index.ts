/**
 * The plugin that nx.json names. Nx reads `createNodesV2` up to version 22, and
 * `createNodes` after.
 */
export const name = 'nx-slipway';
export { createDependencies, createNodes } from './plugin';
export { createNodes as createNodesV2 } from './plugin';
export type { PluginOptions } from './executors';
export type { CustomBuildExecutorSchema } from './executors/custom-build/schema';
