export { heartbeat } from './heartbeat';
export type { Heartbeat } from './heartbeat';
export { openWebSocket } from './open-web-socket';
export type { Opening } from './open-web-socket';
