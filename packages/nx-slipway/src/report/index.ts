export { counted } from './counted';
export { explainRefusal } from './explain-refusal';
export { foreignText } from './foreign-text';
export { jsonLine, withoutSecrets } from './json-line';
export { assertKnownOptions } from './known-options';
export { MASK } from './mask';
export { nearest } from './nearest';
export { oneLine } from './one-line';
export {
  ERROR_CODES,
  SlipwayError,
  formatError,
  hasCode,
} from './slipway-error';
export type { ErrorCode, SlipwayErrorParts } from './slipway-error';
export { Phases, formatDuration } from './reporter';
export type { Reporter } from './reporter';
export { StreamScrubber, scrub, secretsOf } from './scrub';
export { Secrets } from './secrets';
