export { CUSTOM_BUILD, NO_BUILD } from './executor-name';
export {
  BUILD_CONTEXT,
  formatBuildContext,
  parseBuildContext,
} from './build-context';
export type { DeployNaming } from './build-context';
export { LIVE_UPDATE } from './live-update';
export {
  DEFAULT_MANIFESTS,
  DEFAULT_NAMES,
  parsePin,
  parsePluginOptions,
  workspaceOptions,
} from './plugin-options';
export {
  executorOf,
  impliedExecutors,
  SET_KINDS,
  SHARED_OPTIONS,
} from './set-kinds';
export type { SetKind } from './set-kinds';
export { parseRegistry } from './registry-option';
export type { RegistryOption } from './registry-option';
export type {
  PluginOptions,
  TargetNames,
  WorkspaceOptions,
} from './plugin-options';
