export { assertUnclaimed, claimOf } from './claims';
export { METADATA_ALONE, findLive, readLive } from './find-live';
export { waitUntilGone } from './gone';
export type { Leaving } from './gone';
export type { LiveObject } from './live-object';
export { listMembers, memberOf } from './members';
export type { Member } from './members';
export { makesPods, propagationOf } from './propagation';
export { assertOwn, servedKinds } from './served-kinds';
