import { join } from 'node:path';
import { isDigest, isTag } from '../image';
import { hashedName } from './folder';
import { onDisk } from './on-disk';
import { readSmallFile } from './read-small-file';
import { replaceFile } from './replace-file';

/** What the ledger knows an image by: it differs per place. */
export interface LedgerKey {
  /** The image name in its familiar form. */
  readonly name: string;
  /** Where its images go: a repository, or another place of the caller's. */
  readonly destination: string;
}

/**
 * This machine's own memory of what it built and saw (design 1). Nothing
 * depends on it but time: what it has forgotten is built or read again.
 * Reading never fails, whatever stands in the files; writing may.
 */
export interface Ledger {
  /** The content id that was built or seen for an input hash. */
  contentIdFor(key: LedgerKey, inputHash: string): Promise<string | undefined>;
  /** @throws SLIPWAY_E_STATE */
  rememberBuilt(
    key: LedgerKey,
    inputHash: string,
    contentId: string,
  ): Promise<void>;
  /** The digest under which the content of a tag was verified. */
  verifiedDigest(key: LedgerKey, tag: string): Promise<string | undefined>;
  /** @throws SLIPWAY_E_STATE */
  rememberVerified(key: LedgerKey, tag: string, digest: string): Promise<void>;
  /** Waits for what is being written; whoever wrote it knows whether it failed. */
  settled(): Promise<void>;
}

/** Of each kind, the newest. */
const KEPT = 50;
/** Some three times what so many of the longest entries take. */
const MAX_BYTES = 65_536;
const SHA256 = /^sha256:[0-9a-f]{64}$/;
const MAX_DIGEST_LENGTH = 200;

/** Oldest first. */
interface Page {
  readonly built: Map<string, string>;
  readonly verified: Map<string, string>;
}

/** @param folder made when something is first written */
export function openLedger(folder: string): Ledger {
  const writes = new Map<string, Promise<void>>();
  const pathOf = ({ name, destination }: LedgerKey) =>
    join(folder, `${hashedName(name, destination)}.json`);

  /** One after the other; another process may still slip in between. */
  const remember = (key: LedgerKey, add: (page: Page) => void) => {
    const path = pathOf(key);
    const before = writes.get(path) ?? Promise.resolve();
    const write = before
      // Whoever asked for that one was told.
      .catch(() => undefined)
      .then(() => addTo(path, add));
    writes.set(path, write);
    return write;
  };

  return {
    async contentIdFor(key, inputHash) {
      return (await readPage(pathOf(key))).built.get(inputHash);
    },
    async verifiedDigest(key, tag) {
      return (await readPage(pathOf(key))).verified.get(tag);
    },
    rememberBuilt: (key, inputHash, contentId) =>
      remember(key, ({ built }) => putLast(built, inputHash, contentId)),
    rememberVerified: (key, tag, digest) =>
      remember(key, ({ verified }) => putLast(verified, tag, digest)),
    async settled() {
      await Promise.allSettled(writes.values());
    },
  };
}

/** Read again each time, so that what other processes wrote is kept. */
async function addTo(path: string, add: (page: Page) => void): Promise<void> {
  const page = await readPage(path);
  add(page);
  await onDisk(path, () => replaceFile(path, serialize(page)));
}

function putLast(map: Map<string, string>, key: string, value: string) {
  map.delete(key);
  map.set(key, value);
}

function serialize({ built, verified }: Page): string {
  const kept = {
    schema: 1,
    built: [...built].slice(-KEPT),
    verified: [...verified].slice(-KEPT),
  };
  return `${JSON.stringify(kept)}\n`;
}

async function readPage(path: string): Promise<Page> {
  const file = await readSmallFile(path, MAX_BYTES);
  const value = file && 'text' in file ? parse(file.text) : undefined;
  const { schema, built, verified } = Object(value) as Record<string, unknown>;
  const known = schema === 1;
  return {
    built: entries(known && built, isSha256, isSha256),
    verified: entries(known && verified, isTag, isShortDigest),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Torn, or not ours: nothing is remembered.
    return undefined;
  }
}

type Check = (text: string) => boolean;

/** The pairs that we could have written; anything else is left out. */
function entries(list: unknown, isKey: Check, isValue: Check) {
  if (!Array.isArray(list)) return new Map<string, string>();
  const pairs = list.filter((pair): pair is [string, string] => {
    if (!Array.isArray(pair) || pair.length !== 2) return false;
    const [key, value] = pair as unknown[];
    return (
      typeof key === 'string' &&
      typeof value === 'string' &&
      isKey(key) &&
      isValue(value)
    );
  });
  return new Map(pairs.slice(-KEPT));
}

function isSha256(text: string): boolean {
  return SHA256.test(text);
}

function isShortDigest(text: string): boolean {
  return text.length <= MAX_DIGEST_LENGTH && isDigest(text);
}
