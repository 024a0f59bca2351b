export { CUSTOM_BUILD } from './executor-name';
export {
  BUILD_CONTEXT,
  formatBuildContext,
  parseBuildContext,
} from './build-context';
export type { DeployNaming } from './build-context';
export { assertKnownOptions } from './known-options';
export { parseRegistry, workspaceOptions } from './plugin-options';
export type {
  PluginOptions,
  RegistryOption,
  WorkspaceOptions,
} from './plugin-options';
