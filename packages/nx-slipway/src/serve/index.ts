export { ServeLoop } from './loop';
export type { Configuration, ServeEnd, ServeSession } from './loop';
export type {
  ImagePreparation,
  LiveFed,
  LiveParts,
  LoadedManifests,
  LoadedObject,
  PreparationRun,
  ServedForeign,
  ServedImage,
  ServedLive,
  ServedParent,
} from './desired';
export type { ServedProject } from './project-unit';
export type { OnEvent, ServeEvent, Trigger } from './events';
export type { ServeControls, ServeStatus } from './status';
export { faultOf } from './fault';
export type { OnChange } from './supersede';
export { unknownImage } from './unknown-image';
export { serveOutput } from './output';
export type { ServeOutput } from './output';
export { askServes, controlPlace, findServes, startControl } from './control';
export type {
  Control,
  ControlPlace,
  FoundServe,
  ServeAnswer,
  ServeRequest,
} from './control';
