import { readJson, updateNxJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import tiltfile from '../generator';
import type { TiltfileGeneratorSchema } from '../schema';

type Json = Record<string, unknown>;

/** What an import has made of a workspace. */
export interface Imported {
  readonly tree: Tree;
  /** The targets of a project, by its folder. */
  targets(root: string): Record<string, { executor?: string; options: Json }>;
  /** The options of the plugin. */
  plugin(): Json;
  /** Rows of a section of the report, without its heads. */
  rows(section: string): string[][];
  readonly report: string;
}

/** A workspace of these files, with the plugin as `init` leaves it. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  const tree = createTreeWithEmptyWorkspace();
  updateNxJson(tree, {
    plugins: [
      { plugin: 'nx-slipway', options: { workspaceId: 'acme-12345678' } },
    ],
  });
  for (const [path, text] of Object.entries(files)) tree.write(path, text);
  return tree;
}

/** Formatting is Nx's business, and needs a formatter in the workspace. */
export async function importInto(
  tree: Tree,
  options: TiltfileGeneratorSchema = {},
): Promise<Imported> {
  await tiltfile(tree, { ...options, skipFormat: true });
  const path = options.report ?? 'tiltfile-import.md';
  const report = tree.exists(path) ? (tree.read(path, 'utf8') ?? '') : '';
  return {
    tree,
    report,
    targets: (root) =>
      readJson<{ targets: ReturnType<Imported['targets']> }>(
        tree,
        `${root}/project.json`,
      ).targets,
    plugin: () =>
      readJson<{ plugins: { options: Json }[] }>(tree, 'nx.json').plugins[0]
        ?.options ?? {},
    rows: (section) => rowsOf(report, section),
  };
}

export const imported = (
  files: Readonly<Record<string, string>>,
  options?: TiltfileGeneratorSchema,
): Promise<Imported> => importInto(treeOf(files), options);

function rowsOf(report: string, section: string): string[][] {
  const [, after = ''] = report.split(`\n## ${section}\n`);
  const [table = ''] = after.split('\n## ');
  return table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) =>
      line
        .replace(/^\| | \|$/g, '')
        .split(/(?<!\\) \| /)
        .map((each) => each.trim()),
    );
}
