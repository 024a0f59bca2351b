export { Archives } from './archives';
export { openHelper } from './helper';
export type { HelperParts } from './helper';
export { openLink } from './link';
export type { Exec, LinkParts } from './link';
