import type { NxJsonConfiguration, TargetConfiguration } from '@nx/devkit';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginOptions } from '../../settings';
import { useTempFolder, type TempFolder } from '../../testing/temp-folder';
import type { BuildMetadata } from '../build-target';
import { createNodes } from '../create-nodes';
import type { Results } from '../infer';
import type { GraphMetadata } from '../metadata';

export type InferredTarget = TargetConfiguration & {
  readonly metadata: { readonly slipway?: BuildMetadata };
};

/** What the plugin says of a project. */
export interface Inferred {
  readonly targets: Readonly<Record<string, InferredTarget>>;
  readonly slipway: GraphMetadata;
}

export interface Given {
  readonly options?: PluginOptions;
  readonly nxJson?: NxJsonConfiguration;
}

export interface GraphWorkspace extends TempFolder {
  /** Writes files; what is no text becomes JSON. */
  put(files: Readonly<Record<string, unknown>>): Promise<void>;
  drop(...files: readonly string[]): void;
  /** By the roots of projects. */
  infer(given?: Given): Readonly<Record<string, Inferred>>;
}

// Nx asks once where it remembers things: not in the folder of this very
// repository, where what an older state of the code has parsed may lie.
const data = mkdtempSync(join(tmpdir(), 'slipway-data-'));
process.env.NX_WORKSPACE_DATA_DIRECTORY = data;

/** A workspace of real files for each test of a file. */
export function useWorkspace(): GraphWorkspace {
  const folder = useTempFolder('slipway-graph-');
  afterAll(() => rmSync(data, { recursive: true, force: true }));
  return Object.defineProperties(
    {
      put: (files: Readonly<Record<string, unknown>>) =>
        folder.write(
          Object.fromEntries(
            Object.entries(files).map(([name, content]) => [
              name,
              typeof content === 'string' ? content : JSON.stringify(content),
            ]),
          ),
        ),
      drop: (...files: readonly string[]) =>
        files.forEach((file) => rmSync(folder.at(file))),
      infer: (given?: Given) => inferIn(folder.path, given),
    },
    Object.getOwnPropertyDescriptors(folder),
  ) as GraphWorkspace;
}

/** What createNodes gives in a folder, for all projects that Nx would find there. */
export function inferIn(
  root: string,
  { options, nxJson = {} }: Given = {},
): Record<string, Inferred> {
  const results = createNodes[1](projectFiles(root), options, {
    workspaceRoot: root,
    nxJsonConfiguration: nxJson,
  });
  return byRoots(results);
}

export function byRoots(results: Results): Record<string, Inferred> {
  return Object.fromEntries(
    results.flatMap(([, { projects = {} }]) =>
      Object.entries(projects).map(([folder, { targets, metadata }]) => {
        const { slipway = {} } = metadata as { slipway?: GraphMetadata };
        return [folder, { targets, slipway } as Inferred];
      }),
    ),
  );
}

const PROJECT_FILES = ['project.json', 'package.json'];

/** Links are not followed. */
export function projectFiles(root: string, below = ''): string[] {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap(
    (entry) => {
      const path = join(below, entry.name);
      if (entry.isDirectory()) {
        return entry.name === 'node_modules' ? [] : projectFiles(root, path);
      }
      return PROJECT_FILES.includes(entry.name) ? [path] : [];
    },
  );
}
