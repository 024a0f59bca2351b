export { followLog } from './follow-log';
export type { FollowLog } from './follow-log';
