export type { PluginOptions } from '../settings';
export { targetDefaultsOf } from './target-defaults';
