import { SlipwayError } from '../report';
import { formatPlatform, parsePlatform } from './platform';
import { familiarName, formatReference, parseReference } from './reference';

/** What a build leaves behind, and all that Nx caches of it (design 1). */
export interface ImageRecord {
  readonly schema: 1;
  /** The image name as `ref` has it, in its familiar form. */
  readonly name: string;
  /** `sha256:<64 hex>` */
  readonly contentId: string;
  /** `os/arch[/variant]` */
  readonly platform: string;
  /** `sha256:<64 hex>` */
  readonly inputHash: string;
  /**
   * With `outputsImageRefTo` the ref that the script wrote, as
   * `formatReference` writes it; with a tag, a digest or both.
   */
  readonly ref?: string;
}

const SHA256 = /^sha256:[0-9a-f]{64}$/;
const MAX_RECORD_BYTES = 4096;

/** The bytes of a record: the same for the same result, always. */
export function serializeRecord(record: ImageRecord): string {
  const { name, contentId, platform, inputHash, ref } = record;
  // JSON leaves a ref out that is undefined.
  const ordered = { schema: 1, name, contentId, platform, inputHash, ref };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

/**
 * Reads a record, which is untrusted: it may come from a shared cache.
 * @returns undefined when it is not exactly what we would have written
 */
export function parseRecord(text: string): ImageRecord | undefined {
  if (text.length > MAX_RECORD_BYTES) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Torn or foreign: the caller treats it as missing and builds.
    return undefined;
  }
  return isRecord(value) && serializeRecord(value) === text ? value : undefined;
}

function isRecord(value: unknown): value is ImageRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Record<string, unknown>;
  return (
    record.schema === 1 &&
    isImageName(record.name) &&
    isPlatform(record.platform) &&
    typeof record.contentId === 'string' &&
    SHA256.test(record.contentId) &&
    typeof record.inputHash === 'string' &&
    SHA256.test(record.inputHash) &&
    (record.ref === undefined || isPinnedRef(record.ref))
  );
}

function isImageName(value: unknown): boolean {
  return isWritten(value, (text) => familiarName(parseReference(text)));
}

function isPinnedRef(value: unknown): boolean {
  return isWritten(value, (text) => {
    const ref = parseReference(text);
    // A name alone would mean whatever is latest, and is written as nothing.
    const isPinned = ref.tag !== undefined || ref.digest !== undefined;
    return isPinned ? formatReference(ref) : '';
  });
}

function isPlatform(value: unknown): boolean {
  return isWritten(value, (text) => formatPlatform(parsePlatform(text)));
}

/** Whether `rewrite`, which parses and writes again, leaves it as it is. */
function isWritten(value: unknown, rewrite: (text: string) => string) {
  if (typeof value !== 'string') return false;
  try {
    return rewrite(value) === value;
  } catch (error) {
    if (error instanceof SlipwayError) return false;
    throw error;
  }
}
