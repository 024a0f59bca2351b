export { joinTexts } from './join';
export { readManifests } from './read';
export type * from './types';
