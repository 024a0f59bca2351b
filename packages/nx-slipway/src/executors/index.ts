export type { PluginOptions } from './plugin-options';
