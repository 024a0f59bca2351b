import {
  createProjectGraphAsync,
  readJsonFile,
  readProjectsConfigurationFromProjectGraph,
  type NxJsonConfiguration,
  type ExecutorContext,
} from '@nx/devkit';
import { join, relative } from 'node:path';
import {
  configurationFiles,
  reloadProjects,
} from '../../../../packages/nx-slipway/src/executors/serve/reload';
import { preparationOf } from '../../../../packages/nx-slipway/src/executors/serve/prepare';
import { depFiles } from '../../../../packages/nx-slipway/src/inputs';

/**
 * Stands in for a serve: holds the context of executors in a workspace, which
 * is its working directory, and does what it is asked by messages.
 */
export interface Question {
  readonly id: number;
  readonly ask: keyof typeof answers;
  readonly of?: string;
}

const root = process.cwd();
const running = new Map<string, AbortController>();
let state: Awaited<ReturnType<typeof firstState>> | undefined;

async function firstState() {
  const projectGraph = await createProjectGraphAsync({
    exitOnError: false,
    resetDaemonClient: true,
  });
  return {
    projectGraph,
    projectsConfigurations:
      readProjectsConfigurationFromProjectGraph(projectGraph),
    nxJsonConfiguration: readJsonFile<NxJsonConfiguration>(
      join(root, 'nx.json'),
    ),
  };
}

async function contextOf(image: string): Promise<ExecutorContext> {
  state ??= await firstState();
  const [projectName = '', configurationName] = image.split(':');
  const project = state.projectsConfigurations.projects[projectName];
  return {
    ...state,
    root,
    cwd: root,
    isVerbose: false,
    projectName,
    targetName: 'custom-build',
    configurationName,
    target: project?.targets?.['custom-build'],
  };
}

interface Fault {
  readonly code?: string;
  readonly message: string;
}
const faultOf = ({ code, message }: Fault) => ({ code, message });

async function runOf(image: string) {
  const cancel = new AbortController();
  running.set(image, cancel);
  let output = '';
  const preparation = preparationOf(await contextOf(image));
  await preparation?.run({
    signal: cancel.signal,
    onOutput: (_, chunk) => (output += chunk),
    secrets: ['hunter22-secret'],
  });
  return { output };
}

const answers = {
  async tasks(image: string) {
    const preparation = preparationOf(await contextOf(image));
    if (!preparation) return undefined;
    const files = await depFiles(preparation.sources);
    return {
      tasks: preparation.tasks,
      files: files.map((file) => relative(root, file)),
    };
  },
  /** Answers at its end; `cancel` ends it. */
  async run(image: string) {
    await contextOf(image);
    return runOf(image);
  },
  /** Asks for them all in one turn, by their names with commas between. */
  async together(images: string) {
    const all = images.split(',');
    await Promise.all(all.map(contextOf));
    return Promise.allSettled(all.map(runOf)).then((ends) =>
      ends.map((end) =>
        end.status === 'fulfilled' ? end.value : faultOf(end.reason as Fault),
      ),
    );
  },
  cancel(image: string) {
    running.get(image)?.abort();
  },
  async reload(project: string) {
    const context = await contextOf(project);
    const { signal } = new AbortController();
    state = await reloadProjects(context, signal);
    return state.projectsConfigurations.projects[project]?.targets;
  },
  async files(project: string) {
    return configurationFiles(await contextOf(project), [project]).map((file) =>
      relative(root, file),
    );
  },
  /** Of this process, in bytes, and what would keep it alive. */
  usage() {
    global.gc?.();
    return {
      heap: process.memoryUsage().heapUsed,
      handles: process
        .getActiveResourcesInfo()
        .filter((kind) => kind !== 'Immediate'),
    };
  },
};

process.on('message', ({ id, ask, of = '' }: Question) => {
  Promise.resolve()
    .then((): unknown => answers[ask](of))
    .then(
      (answer) => process.send?.({ id, answer }),
      (error: Fault) => process.send?.({ id, error: faultOf(error) }),
    );
});
