export { createDependencies } from './create-dependencies';
export { createNodes } from './create-nodes';
