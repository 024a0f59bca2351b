import { mkdir, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import type { TestWorkspace } from './workspace';

export type SoakImage = 'base' | 'web' | 'worker';

/** What somebody at work does; files are by number. */
export type Edit = { readonly image: SoakImage; readonly pause: number } & (
  | { readonly kind: 'write' | 'replace'; readonly file: number }
  | { readonly kind: 'delete'; readonly file: number }
  | { readonly kind: 'rename'; readonly file: number; readonly to: number }
  | { readonly kind: 'burst'; readonly count: number }
  | { readonly kind: 'touch' | 'break' | 'mend' | 'move' }
  | { readonly kind: 'manifest' | 'break manifest' }
);

const FILES = 6;
const file = fc.nat(FILES - 1);

const whats = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('write' as const, 'replace' as const),
      file,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('delete' as const), file }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ kind: fc.constant('rename' as const), file, to: file },
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('burst' as const),
      count: fc.integer({ min: 5, max: 40 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...(['touch', 'break', 'mend', 'mend', 'move'] as const),
        ...(['manifest', 'manifest', 'break manifest'] as const),
      ),
    }),
  },
);

/**
 * The same edits for the same seed.
 * @param gap between two of them, on average; milliseconds
 */
export function randomEdits(seed: number, count: number, gap: number): Edit[] {
  const image = fc.constantFrom<SoakImage>(
    ...(['base', 'web', 'web', 'web', 'worker', 'worker', 'worker'] as const),
  );
  // As people are: now and then much at once, as a rule nothing.
  const pause = fc.oneof(
    { weight: 2, arbitrary: fc.nat(Math.round(gap / 10)) },
    { weight: 3, arbitrary: fc.nat(Math.round(gap * 3)) },
  );
  const edit = fc
    .tuple(whats, fc.record({ image, pause }))
    .map(([what, rest]) => ({ ...what, ...rest }));
  return fc.sample(edit, { seed, numRuns: count });
}

/** The sources of the images, and what they hold by now. */
export class SoakFiles {
  /** By image, by path below src/. */
  readonly content: Readonly<Record<SoakImage, Map<string, string>>> = {
    base: new Map(),
    web: new Map(),
    worker: new Map(),
  };
  /** Of the ConfigMap. */
  setting = '0';
  private count = 0;

  constructor(
    private readonly workspace: TestWorkspace,
    private readonly manifest: string,
    private readonly manifestOf: (setting: string) => string,
  ) {}

  async apply(edit: Edit): Promise<void> {
    const { image } = edit;
    switch (edit.kind) {
      case 'write':
        return this.write(image, `file-${edit.file}`);
      case 'replace':
        return this.replace(image, `file-${edit.file}`);
      case 'delete':
        return this.delete(image, `file-${edit.file}`);
      case 'rename':
        return this.rename(image, `file-${edit.file}`, `file-${edit.to}`);
      case 'burst':
        for (let index = 0; index < edit.count; index++) {
          await this.write(image, `many/file-${index}`);
        }
        return;
      case 'touch':
        return this.touch(image);
      case 'break':
        return this.write(image, 'broken');
      case 'mend':
        return this.delete(image, 'broken');
      case 'move':
        return this.moveFolder(image);
      case 'manifest':
        this.setting = this.next();
        return this.workspace.write(
          this.manifest,
          this.manifestOf(this.setting),
        );
      case 'break manifest':
        return this.workspace.write(this.manifest, 'data: { "torn\n');
    }
  }

  /** Everything can be built and applied again. */
  async mend(): Promise<void> {
    const images = ['base', 'web', 'worker'] as const;
    for (const image of images) {
      await this.write(image, 'last');
      await this.delete(image, 'broken');
    }
    await this.apply({ kind: 'manifest', image: 'web', pause: 0 });
  }

  private at(image: SoakImage, name: string): string {
    return join(this.workspace.root, 'apps', image, 'src', name);
  }

  /** A text that was never there before. */
  private next(): string {
    this.count += 1;
    return `text ${this.count}`;
  }

  private async write(image: SoakImage, name: string): Promise<void> {
    const text = this.next();
    await this.workspace.write(`apps/${image}/src/${name}`, text);
    this.content[image].set(name, text);
  }

  /** As editors save. */
  private async replace(image: SoakImage, name: string): Promise<void> {
    const text = this.next();
    const beside = `apps/${image}/src/.#${name}`;
    await this.workspace.write(beside, text);
    await rename(join(this.workspace.root, beside), this.at(image, name));
    this.content[image].set(name, text);
  }

  private async delete(image: SoakImage, name: string): Promise<void> {
    await rm(this.at(image, name), { force: true });
    this.content[image].delete(name);
  }

  private async rename(image: SoakImage, from: string, to: string) {
    const files = this.content[image];
    const text = files.get(from);
    if (text === undefined || from === to) return;
    await rename(this.at(image, from), this.at(image, to));
    files.delete(from);
    files.set(to, text);
  }

  /** A folder with all that is in it, to another name and on. */
  private async moveFolder(image: SoakImage): Promise<void> {
    const files = this.content[image];
    const [from, to] = [...files.keys()].some((name) =>
      name.startsWith('many/'),
    )
      ? ['many', 'moved']
      : ['moved', 'many'];
    const inside = [...files].filter(([name]) => name.startsWith(`${from}/`));
    if (inside.length === 0) return;
    await rm(this.at(image, to), { recursive: true, force: true });
    await mkdir(dirname(this.at(image, to)), { recursive: true });
    await rename(this.at(image, from), this.at(image, to));
    for (const name of files.keys()) {
      if (name.startsWith(`${to}/`)) files.delete(name);
    }
    for (const [name, text] of inside) {
      files.delete(name);
      files.set(name.replace(from, to), text);
    }
  }

  private async touch(image: SoakImage): Promise<void> {
    const [name] = this.content[image].keys();
    if (name === undefined) return;
    const now = new Date();
    await utimes(this.at(image, name), now, now);
  }
}
