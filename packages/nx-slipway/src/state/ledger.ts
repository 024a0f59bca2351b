import { join } from 'node:path';
import { isDigest, isTag, referenceIn } from '../image';
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

export interface Built {
  readonly contentId: string;
  /** That the script wrote, with `outputsImageRefTo`. */
  readonly ref?: string;
}

/**
 * This machine's own memory of what it built and saw (design 1). Nothing
 * depends on it but time: what it has forgotten is built or read again.
 * Reading never fails, whatever stands in the files; writing may.
 */
export interface Ledger {
  /** What was built or seen for an input hash. */
  builtFor(key: LedgerKey, inputHash: string): Promise<Built | undefined>;
  /** @throws SLIPWAY_E_STATE */
  rememberBuilt(key: LedgerKey, inputHash: string, built: Built): Promise<void>;
  /** The digest under which the content of a tag was verified. */
  verifiedDigest(key: LedgerKey, tag: string): Promise<string | undefined>;
  /** @throws SLIPWAY_E_STATE */
  rememberVerified(key: LedgerKey, tag: string, digest: string): Promise<void>;
  /** Waits for what is being written; whoever wrote it knows whether it failed. */
  settled(): Promise<void>;
}

/** Of each kind, the newest. */
const KEPT = 50;
/** More than so many of the longest entries take. */
const MAX_BYTES = 65_536;
const SHA256 = /^sha256:[0-9a-f]{64}$/;
const MAX_DIGEST_LENGTH = 200;
/** A name, a tag and a digest of the longest. */
const MAX_REF_LENGTH = 600;

/** Oldest first. */
interface Page {
  readonly built: Map<string, Built>;
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
    async builtFor(key, inputHash) {
      return (await readPage(pathOf(key))).built.get(inputHash);
    },
    async verifiedDigest(key, tag) {
      return (await readPage(pathOf(key))).verified.get(tag);
    },
    rememberBuilt: (key, inputHash, built) =>
      remember(key, (page) => putLast(page.built, inputHash, built)),
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

function putLast<T>(map: Map<string, T>, key: string, value: T) {
  map.delete(key);
  map.set(key, value);
}

function serialize({ built, verified }: Page): string {
  const kept = {
    schema: 1,
    built: [...built]
      .slice(-KEPT)
      .map(([hash, { contentId, ref }]) => [hash, contentId, ref]),
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
    built: mapOf(known && built, builtIn),
    verified: mapOf(known && verified, verifiedIn),
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

/** The entries that we could have written; anything else is left out. */
function mapOf<T>(
  list: unknown,
  parse: (entry: readonly unknown[]) => [string, T] | undefined,
): Map<string, T> {
  if (!Array.isArray(list)) return new Map();
  const pairs = (list as unknown[]).flatMap((entry) => {
    const pair = Array.isArray(entry) && parse(entry);
    return pair ? [pair] : [];
  });
  return new Map(pairs.slice(-KEPT));
}

function builtIn([hash, contentId, ref, ...more]: readonly unknown[]):
  [string, Built] | undefined {
  if (!isSha256(hash) || !isSha256(contentId) || more.length > 0) return;
  // JSON has null in the place of what is not there.
  if (ref === undefined || ref === null) return [hash, { contentId }];
  return isRef(ref) ? [hash, { contentId, ref }] : undefined;
}

function verifiedIn([tag, digest, ...more]: readonly unknown[]):
  [string, string] | undefined {
  const isOurs =
    typeof tag === 'string' &&
    typeof digest === 'string' &&
    isTag(tag) &&
    isShortDigest(digest) &&
    more.length === 0;
  return isOurs ? [tag, digest] : undefined;
}

function isSha256(text: unknown): text is string {
  return typeof text === 'string' && SHA256.test(text);
}

function isRef(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    text.length <= MAX_REF_LENGTH &&
    referenceIn(text) !== undefined
  );
}

function isShortDigest(text: string): boolean {
  return text.length <= MAX_DIGEST_LENGTH && isDigest(text);
}
