export { CUSTOM_BUILD } from './executor-name';
export {
  BUILD_CONTEXT,
  formatBuildContext,
  parseBuildContext,
} from './build-context';
export type { DeployNaming } from './build-context';
export { parsePin, workspaceOptions } from './plugin-options';
export { parseRegistry } from './registry-option';
export type { RegistryOption } from './registry-option';
export type { PluginOptions, WorkspaceOptions } from './plugin-options';
