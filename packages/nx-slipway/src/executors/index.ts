export type { PluginOptions } from '../settings';
export type { DeclaredImage, DeclaredImages, Deployer } from './declared';
export { targetDefaultsOf } from './target-defaults';

/** Loaded by who asks: the graph, which loads this face, never does. */
export const loadDeclared = () => import('./declared');
