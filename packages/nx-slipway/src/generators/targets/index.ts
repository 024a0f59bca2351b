export { addTarget } from './add-target';
export type { Target } from './add-target';
export { projectOf } from './project-of';
export type { Project } from './project-of';
export { SET_NAMES, targetNames } from './target-names';
export { takenNames } from './taken-names';
export { addPlugin, usePlugin } from './use-plugin';
export { withHints } from './with-hints';
