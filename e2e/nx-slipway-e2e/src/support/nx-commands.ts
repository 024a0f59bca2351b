import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  ProjectConfiguration,
  ProjectGraphDependency,
  ProjectGraphProjectNode,
} from '@nx/devkit';
import type { Ran } from './run';

export type NxEnv = Record<string, string | undefined>;

/** What `nx graph --file` writes of the projects, by their names. */
export interface GraphFile {
  readonly nodes: Record<string, ProjectGraphProjectNode>;
  readonly dependencies: Record<string, ProjectGraphDependency[]>;
}

/** What a test asks of the graph of a workspace, by Nx's own commands. */
export abstract class NxCommands {
  abstract readonly root: string;

  abstract nx(args: readonly string[], env?: NxEnv): Promise<Ran>;

  /** @throws if Nx could not make all of it */
  async graph(env?: NxEnv): Promise<GraphFile> {
    // A path of its own, which no project holds and Git leaves out.
    const file = join('.nx', 'cache', `graph-${process.hrtime.bigint()}.json`);
    const output = await this.succeed(['graph', `--file=${file}`], env);
    const path = join(this.root, file);
    const { graph } = JSON.parse(await readFile(path, 'utf8')) as {
      graph: GraphFile;
    };
    await rm(path);
    // Nx ends well even then.
    if (output.includes('partial graph')) throw new Error(output);
    return graph;
  }

  /** @returns `SOURCE -> TARGET` of each edge between two projects, sorted */
  async edges(env?: NxEnv): Promise<string[]> {
    return edgesOf(await this.graph(env));
  }

  async showProject(name: string, env?: NxEnv): Promise<ProjectConfiguration> {
    const output = await this.succeed(['show', 'project', name, '--json'], env);
    return JSON.parse(output) as ProjectConfiguration;
  }

  /**
   * @param files that changed, as paths in the workspace; they may be gone
   * @returns the names of the projects, sorted
   */
  async affected(files: readonly string[], env?: NxEnv): Promise<string[]> {
    const args = ['show', 'projects', '--affected', '--json'];
    const output = await this.succeed(
      [...args, `--files=${files.join(',')}`],
      env,
    );
    return (JSON.parse(output) as string[]).sort();
  }

  /** @returns its stdout */
  private async succeed(args: readonly string[], env?: NxEnv): Promise<string> {
    const { exitCode, output, stdout } = await this.nx(args, env);
    if (exitCode !== 0) throw new Error(`nx ${args.join(' ')}:\n${output}`);
    return stdout;
  }
}

export function edgesOf({ nodes, dependencies }: GraphFile): string[] {
  return Object.values(dependencies)
    .flat()
    .filter(({ target }) => target in nodes)
    .map(({ source, target }) => `${source} -> ${target}`)
    .sort();
}
