import type { CreateNodesContextV2, CreateNodesResult } from '@nx/devkit';
import { version } from '../../package.json';
import { SlipwayError } from '../report';
import { parsePluginOptions, type WorkspaceOptions } from '../settings';
import type { DeclaredProject } from './declared';
import { Graph } from './graph';
import { graphRun } from './graph-run';
import { nxJsonOf } from './nx-json';
import { ParseCache } from './parse-cache';
import { readProjects } from './read-projects';
import { impliedExecutors } from './set-kinds';

type Results = (readonly [file: string, result: CreateNodesResult])[];

/**
 * No manifest is among them, though the graph is made of those too: of a file
 * that matches and is deleted, Nx takes every project for affected.
 */
const PROJECT_FILES =
  '{project.json,package.json,**/project.json,**/package.json}';

/**
 * Adds targets to projects (design 2.9). What is wrong with options and
 * manifests is no error here: the targets that need them tell, and no other
 * command is stopped by it.
 */
export const createNodes = [PROJECT_FILES, nodesOf] as const;

function nodesOf(
  files: readonly string[],
  given: unknown,
  { workspaceRoot, nxJsonConfiguration }: CreateNodesContextV2,
): Results {
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
  const results = projects.flatMap((project): Results => {
    const configuration = inferredBy(graph, project);
    const { file, root } = project;
    return configuration
      ? [[file, { projects: { [root]: configuration } }]]
      : [];
  });
  cache.save();
  return results;
}

/**
 * Without a project that nobody thought could be: it would stop every command
 * in the workspace, its own repair among them.
 */
function inferredBy(graph: Graph, project: DeclaredProject) {
  try {
    return graph.inferred(project);
  } catch {
    return undefined;
  }
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
