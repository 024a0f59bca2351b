import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readKept, writeKept } from '../disk';
import { isObject } from '../locate';
import { imageTexts, type ImageText } from './image-texts';
import { workspaceDataFolder } from './nx-internals';
import type { Locator } from '../locate';

/** What a text holds: `null` if it cannot be read. */
type Entry = {
  readonly images: readonly string[];
  /** Whether it holds values of variables, which may be secrets: none is kept. */
  readonly hasEnv: boolean;
} | null;

const FILE = 'nx-slipway-manifests.json';

/**
 * What stands in manifests, by the hash of their bytes: a graph is made for
 * each command, and few manifests change between two. Nothing depends on it but
 * time, so what is torn, or of others, is parsed again.
 */
export class ParseCache {
  private readonly known: ReadonlyMap<string, Entry>;
  private readonly used = new Map<string, Entry>();
  private isChanged = false;

  /**
   * @param key what else decides: the version of this package, the locators
   * @param file absolute; without one, nothing is kept
   */
  constructor(
    private readonly locators: readonly Locator[],
    private readonly key: string,
    private readonly file = cacheFile(),
  ) {
    this.known = file === undefined ? new Map() : readEntries(file, key);
  }

  /**
   * @param withEnv whether values of variables are images to anybody
   * @returns undefined if the text cannot be read
   */
  imageTexts(text: string, withEnv: boolean): readonly ImageText[] | undefined {
    const hash = createHash('sha1').update(text).digest('base64');
    const known = this.used.get(hash) ?? this.known.get(hash);
    if (known !== undefined && !(withEnv && known?.hasEnv)) {
      this.used.set(hash, known);
      return known?.images.map((image) => ({ text: image, isEnv: false }));
    }
    const found = imageTexts(text, this.locators);
    const images = found?.filter(({ isEnv }) => !isEnv);
    this.used.set(
      hash,
      images && found
        ? {
            images: images.map((image) => image.text),
            hasEnv: images.length < found.length,
          }
        : null,
    );
    this.isChanged ||= known === undefined;
    return withEnv ? found : images;
  }

  /** Keeps what was asked for. */
  save(): void {
    const { file, used, known, key } = this;
    if (file === undefined) return;
    if (!this.isChanged && used.size === known.size) return;
    writeKept(file, JSON.stringify({ key, texts: [...used] }));
  }
}

function cacheFile(): string | undefined {
  const folder = workspaceDataFolder();
  return folder && join(folder, FILE);
}

function readEntries(file: string, key: string): Map<string, Entry> {
  try {
    const value: unknown = JSON.parse(readKept(file)?.toString() ?? '');
    if (!isObject(value) || value.key !== key) return new Map();
    const entries = value.texts as [string, Entry][];
    return new Map(entries.filter(([, entry]) => isEntry(entry)));
  } catch {
    // Missing, torn or not ours.
    return new Map();
  }
}

function isEntry(value: unknown): value is Entry {
  if (value === null) return true;
  if (!isObject(value) || !Array.isArray(value.images)) return false;
  const images: unknown[] = value.images;
  return (
    typeof value.hasEnv === 'boolean' &&
    images.every((image) => typeof image === 'string')
  );
}
