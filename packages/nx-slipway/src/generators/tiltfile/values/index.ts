export { own } from './own';
export { given } from './parameters';
export type { Given } from './parameters';
export { commandPath, commonFolder, optionPath, parentOf } from './paths';
export { quoted } from './quote';
export {
  asCommand,
  asFlag,
  asPathIn,
  asPathsIn,
  asText,
  asTextList,
  asTexts,
  asTextsByName,
  each,
  unread,
} from './readers';
export type { Read, Reader } from './readers';
