export {
  bytesOf,
  entriesOf,
  entryAt,
  isThere,
  linkAt,
  ownEntryAt,
  realPathOf,
  textOf,
  type Entry,
  type NamedEntry,
} from './looks';
export { readKept, writeKept } from './kept';
export { lookAgain, recordLooks, type Look } from './question';
export { isSameStamp, stampIn, type Stamp } from './stamp';
