export { Archives } from './archives';
export { openLink } from './link';
export type { LinkParts } from './link';
