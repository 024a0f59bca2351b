import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isObject } from '../locate';
import { imageTexts, type ImageText } from './image-texts';
import { workspaceDataFolder } from './nx-internals';
import type { Locator } from '../locate';

/** What a text holds: `null` if it cannot be read. */
type Entry = readonly ImageText[] | null;

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

  /** @returns undefined if the text cannot be read */
  imageTexts(text: string): readonly ImageText[] | undefined {
    const hash = createHash('sha1').update(text).digest('base64');
    const known = this.used.get(hash) ?? this.known.get(hash);
    if (known !== undefined) {
      this.used.set(hash, known);
      return known ?? undefined;
    }
    const found = imageTexts(text, this.locators) ?? null;
    this.used.set(hash, found);
    this.isChanged = true;
    return found ?? undefined;
  }

  /** Keeps what was asked for, whole or not at all. A full disk is no error. */
  save(): void {
    const { file, used, known, key } = this;
    if (file === undefined) return;
    if (!this.isChanged && used.size === known.size) return;
    const temporary = `${file}.${process.pid}`;
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(temporary, JSON.stringify({ key, texts: [...used] }));
      renameSync(temporary, file);
    } catch {
      // The next graph parses again what this one has.
    }
  }
}

function cacheFile(): string | undefined {
  const folder = workspaceDataFolder();
  return folder && join(folder, FILE);
}

function readEntries(file: string, key: string): Map<string, Entry> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!isObject(value) || value.key !== key) return new Map();
    const entries = value.texts as [string, Entry][];
    return new Map(entries.filter(([, entry]) => isEntry(entry)));
  } catch {
    // Missing, torn or not ours.
    return new Map();
  }
}

function isEntry(value: unknown): value is Entry {
  return (
    value === null ||
    (Array.isArray(value) &&
      value.every(
        (one: unknown) => isObject(one) && typeof one.text === 'string',
      ))
  );
}
