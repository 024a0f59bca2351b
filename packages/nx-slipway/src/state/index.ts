export {
  hashedName,
  kubeconfigPath,
  ledgerFolder,
  liveUpdatePath,
  lockFolder,
  recordPath,
  toolsFolder,
} from './folder';
export { openLedger } from './ledger';
export type { Built, Ledger, LedgerKey } from './ledger';
export { withLock } from './lock';
export type { Lock, LockOptions } from './lock';
export { machineId } from './machine';
export { isOtherLockHeld } from './other-locks';
export type { Claimant } from './claims';
export { onDisk } from './on-disk';
export { readRecord, writeRecord } from './record-file';
export type { ReadRecord } from './record-file';
export { readSmallFile } from './read-small-file';
export { replaceFile } from './replace-file';
export { hasEnded, identityOf, pidIfRunning } from './owner';
