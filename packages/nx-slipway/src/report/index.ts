export { explainRefusal } from './explain-refusal';
export { MASK } from './mask';
export { nearest } from './nearest';
export { ERROR_CODES, SlipwayError, formatError } from './slipway-error';
export type { ErrorCode, SlipwayErrorParts } from './slipway-error';
export { Phases, formatDuration } from './reporter';
export type { Reporter } from './reporter';
export { StreamScrubber, scrub, secretsOf } from './scrub';
export { Secrets } from './secrets';
