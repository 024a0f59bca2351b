export { deployersOf } from './deployers';
export type { Deployer } from './deployers';
export { declaredImages } from './images';
export type { DeclaredImage, DeclaredImages } from './images';
