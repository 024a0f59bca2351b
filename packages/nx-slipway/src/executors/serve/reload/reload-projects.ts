import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import {
  readProjectsConfigurationFromProjectGraph,
  type ExecutorContext,
  type NxJsonConfiguration,
  type ProjectGraph,
  type ProjectsConfigurations,
} from '@nx/devkit';
import { SlipwayError, scrub, secretsOf } from '../../../report';
import { runTool } from '../../../tool';
import { nxEnvironment } from '../prepare/environment';
import { fileHashes } from '../prepare/file-hashes';
import { GRAPH_SCRIPT, type GraphAnswer } from './graph-script';

/** What Nx knows of the workspace, as far as an executor's context holds it. */
export interface ProjectState {
  readonly projectGraph: ProjectGraph;
  readonly projectsConfigurations: ProjectsConfigurations;
  readonly nxJsonConfiguration: NxJsonConfiguration;
}

/**
 * The project graph as it is now. It is made in a process of its own, so that
 * no plugin, worker or cache of a graph stays in ours; and without the daemon,
 * which answers with what it has until it hears of an edit, and is no faster
 * after one (reference/nx-plugin-facts.md, 6).
 * @param projects that must still be there, by their names
 * @throws SLIPWAY_E_OPTION_INVALID if the graph cannot be made, with the file
 *   and place that Nx names, or one of the projects is gone; SLIPWAY_E_CANCELLED.
 *   What was known before is as good as it was
 */
export async function reloadProjects(
  context: ExecutorContext,
  signal: AbortSignal,
  projects: readonly string[] = [context.projectName ?? ''],
): Promise<ProjectState> {
  const { projectGraph, nxJson, error } = await answerOfNx(
    context.root,
    signal,
  );
  if (error !== undefined) throw noGraph(error);
  const graph = projectGraph as ProjectGraph;
  for (const name of projects) {
    if (!graph.nodes[name]) throw goneProject(name, context);
  }
  return {
    projectGraph: graph,
    projectsConfigurations: readProjectsConfigurationFromProjectGraph(graph),
    nxJsonConfiguration: nxJson as NxJsonConfiguration,
  };
}

async function answerOfNx(
  root: string,
  signal: AbortSignal,
): Promise<GraphAnswer> {
  const folder = await mkdtemp(join(tmpdir(), 'nx-slipway-graph-'));
  const [script, file] = [join(folder, 'graph.cjs'), join(folder, 'graph')];
  try {
    await writeFile(script, GRAPH_SCRIPT);
    // Plugins keep what they infer by the hashes of files.
    await fileHashes.drop();
    await runTool({
      argv: [process.execPath, script, file, require.resolve('@nx/devkit')],
      dir: root,
      env: {
        // In a process that ends at once no plugin needs another of its own.
        NX_ISOLATE_PLUGINS: 'false',
        ...nxEnvironment(process.env),
        NX_DAEMON: 'false',
        NX_FORCE_REUSE_CACHED_GRAPH: undefined,
      },
      doing: 'reading the project graph again',
      code: 'SLIPWAY_E_OPTION_INVALID',
      hint: STILL_OLD,
      reporter: { info: () => {}, warn: () => {}, output: () => {} },
      secrets: () => secretsOf(process.env),
      signal,
    });
    return JSON.parse(await readFile(file, 'utf8')) as GraphAnswer;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const STILL_OLD =
  'Until that is put right, all goes on as it was before the last edit.';

function noGraph(why: string): SlipwayError {
  const plain = stripVTControlCharacters(why);
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `Nx cannot make the project graph: ${scrub(plain, secretsOf(process.env))}`,
    hint: STILL_OLD,
  });
}

function goneProject(
  name: string,
  { projectsConfigurations }: ExecutorContext,
): SlipwayError {
  const { root } = projectsConfigurations.projects[name] ?? {};
  const where = root === undefined ? '' : `: no project is in ${root}`;
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `the project ${name} is gone${where}.`,
    hint: `${STILL_OLD} If it was renamed or removed, start serve again.`,
  });
}
