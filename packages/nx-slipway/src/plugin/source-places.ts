import picomatch from 'picomatch';
import type { ManifestSource } from '../source';
import { isPlain } from './areas';

/** A folder, absolute, and what of it a source may read some day. */
export interface SourcePlace {
  readonly base: string;
  /** Plain, as Nx has globs too. */
  readonly glob: string;
}

/** Where the files of a source lie that come tomorrow. */
export function placesOf(source: ManifestSource): SourcePlace[] {
  switch (source.kind) {
    case 'yaml':
      return source.globs.map(placeOf);
    case 'kustomize':
      return [{ base: source.folder, glob: '**/*' }];
    case 'helm':
      return [
        { base: source.chart, glob: '**/*' },
        ...source.values.map(placeOf),
      ];
    case 'command':
      return source.deps.map(placeOf);
  }
}

/** A file is a folder that may come in its place, too. */
function placeOf(path: string): SourcePlace {
  const { isGlob, base, glob } = picomatch.scan(path);
  if (!isGlob) return { base: path, glob: '**/*' };
  return { base, glob: isPlain(glob) ? glob : '**/*' };
}
