export { assertKnownOptions } from './known-options';
export { parseRegistry, workspaceOptions } from './plugin-options';
export type {
  PluginOptions,
  RegistryOption,
  WorkspaceOptions,
} from './plugin-options';
