export type { PluginOptions } from '../settings';
