import type { FileRule, LiveUpdate, Sync } from '../types';

export const rule = (path: string): FileRule => ({ written: path, path });

export const sync = (from: string, to: string): Sync => ({
  from: rule(from),
  to,
});

export const liveUpdate = (parts: Partial<LiveUpdate>): LiveUpdate => ({
  fallBackOn: [],
  syncs: [],
  runs: [],
  restart: false,
  ...parts,
});
