export { applyChanges } from './apply-changes';
export { editManifests } from './edit';
export { joinTexts } from './join';
export { readManifests } from './read';
export type * from './types';
