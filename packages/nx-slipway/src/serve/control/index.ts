export { askServes, findServes } from './ask-serves';
export type { FoundServe, ServeAnswer } from './ask-serves';
export { controlPlace } from './place';
export type { ControlPlace } from './place';
export type { ServeRequest } from './protocol';
export { startControl } from './start-control';
export type { Control } from './start-control';
