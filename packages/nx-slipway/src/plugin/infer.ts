import type { CreateNodesContextV2, CreateNodesResult } from '@nx/devkit';
import { version } from '../../package.json';
import { SlipwayError } from '../report';
import {
  impliedExecutors,
  parsePluginOptions,
  type WorkspaceOptions,
} from '../settings';
import type { DeclaredProject } from './declared';
import { Graph } from './graph';
import { graphRun } from './graph-run';
import { nxJsonOf } from './nx-json';
import { ParseCache } from './parse-cache';
import { readProjects } from './read-projects';

/** What Nx gets for each file that says something of a project. */
export type Results = (readonly [file: string, result: CreateNodesResult])[];

export interface Inferred {
  readonly results: Results;
  /** Whether nothing has failed that might not fail again. */
  readonly isWhole: boolean;
}

/** Looks through the workspace, by disk/ alone, and makes the graph. */
export function infer(
  files: readonly string[],
  given: unknown,
  { workspaceRoot, nxJsonConfiguration }: CreateNodesContextV2,
): Inferred {
  const options = optionsOf(given);
  const { targetNames, locators } = options;
  const nxJson = nxJsonOf(nxJsonConfiguration);
  const projects = readProjects(
    files,
    workspaceRoot,
    nxJson,
    impliedExecutors(targetNames),
  );
  const cache = new ParseCache(locators, JSON.stringify([version, locators]));
  const run = graphRun(workspaceRoot, nxJson, projects, options);
  const graph = new Graph(projects, cache, run);
  let isWhole = true;
  const results = projects.flatMap((project): Results => {
    try {
      return resultsOf(graph, project);
    } catch {
      // Without a project that nobody thought could be: it would stop every
      // command in the workspace, its own repair among them.
      isWhole = false;
      return [];
    }
  });
  cache.save();
  return { results, isWhole };
}

function resultsOf(graph: Graph, project: DeclaredProject): Results {
  const { file, root } = project;
  const configuration = graph.inferred(project);
  return configuration ? [[file, { projects: { [root]: configuration } }]] : [];
}

/** With defaults in the place of options that are wrong, which each target tells. */
function optionsOf(given: unknown): WorkspaceOptions {
  try {
    return parsePluginOptions(given ?? {});
  } catch (error) {
    if (error instanceof SlipwayError) return parsePluginOptions();
    throw error;
  }
}
