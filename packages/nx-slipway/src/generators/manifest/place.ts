import { posix } from 'node:path';
import { SlipwayError } from '../../report';
import type { HeldManifests } from '../targets';

/** Where a manifest goes; paths are below the project's root. */
export interface Place {
  readonly path: string;
  /** Whether a target must say that it is there, for no glob of nx.json does. */
  readonly needsSource: boolean;
  /** Whose kustomization must list it. */
  readonly kustomization?: string;
  /** Other sources there: `deploy` must choose. */
  readonly others: readonly string[];
}

/** As the plugin's own globs have them, the most usual first. */
const FOLDERS = ['k8s', 'kubernetes', 'deploy', 'manifests'];
const ENDS = ['.yaml', '.yml'];

/**
 * The folder that is named, else the one that holds manifests already, else
 * one that nx.json has them in.
 * @throws SLIPWAY_E_OPTION_INVALID for one that leads out of the project, or
 *   is a chart
 */
export function placeFor(
  name: string,
  directory: string | undefined,
  held: HeldManifests,
): Place {
  if (directory !== undefined) assertInside(directory);
  const folders = directory
    ? [posix.normalize(directory).replace(/\/+$/, '')]
    : [...foldersIn(held), ...FOLDERS];
  const paths = folders.flatMap((folder) =>
    ENDS.map((end) => posix.join(folder, name + end)),
  );
  const found = paths.find(held.wouldFind);
  const path = found ?? posix.join(folders[0] ?? '', name + ENDS[0]);
  const folder = posix.dirname(path);
  const above = [...foldersAbove(folder), ''];
  const chart = above.find((one) => held.charts.includes(one));
  if (chart !== undefined) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: `${path} would lie in the Helm chart ${chart || 'of the project'}, which has templates in place of manifests`,
      hint: 'Name another folder by --directory, or write the objects as templates of the chart.',
    });
  }
  const kustomization = above.find((one) => held.kustomizations.includes(one));
  return {
    path,
    needsSource: found === undefined && kustomization === undefined,
    kustomization,
    others: [...held.kustomizations, ...held.charts].filter(
      (one) =>
        one !== kustomization &&
        held.files.some((file) => posix.dirname(file) === one),
    ),
  };
}

/** Of plain manifests, which no kustomization or chart owns. */
function foldersIn({ files, charts, kustomizations }: HeldManifests): string[] {
  const tops = files.map((file) => posix.dirname(file));
  const owned = [...charts, ...kustomizations];
  const plain = tops.filter(
    (folder) => !foldersAbove(folder).some((one) => owned.includes(one)),
  );
  return [...new Set(plain)];
}

function foldersAbove(folder: string): string[] {
  return folder === '.' || folder === ''
    ? []
    : [folder, ...foldersAbove(posix.dirname(folder))];
}

function assertInside(directory: string): void {
  const path = posix.normalize(directory.replaceAll('\\', '/'));
  const isInside = !path.startsWith('/') && !path.split('/').includes('..');
  if (isInside) return;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `--directory is "${directory}", which is not below the project's root`,
    hint: 'It is relative to that, for example k8s.',
  });
}
