import { git } from './git';
import type { WorkflowMachine } from './workflow-machine';

export interface WorkflowEvent {
  readonly name: 'push' | 'pull_request';
  readonly sha: string;
  readonly isFork?: boolean;
}

/** A step that uses an action. */
export interface ActionStep {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number>>;
}

/** What the actions know of the repository. */
export interface ActionContext {
  /** A clone's origin, as a path. */
  readonly origin: string;
  readonly event: WorkflowEvent;
  /** The commit of the last run of a push that ended well. */
  readonly lastSuccess?: string;
}

type Act = (
  input: (name: string) => string | undefined,
  context: ActionContext,
  machine: WorkflowMachine,
) => Promise<void>;

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
/** The sandbox has it. */
const nothing: Act = () => Promise.resolve();

/** The actions that a workflow may use, and those of their inputs that it may set. */
const ACTIONS: Readonly<Record<string, readonly [readonly string[], Act]>> = {
  'actions/checkout@v4': [['fetch-depth'], checkout],
  'actions/setup-node@v4': [['node-version', 'cache'], nothing],
  'ko-build/setup-ko@v0.9': [[], nothing],
  'nrwl/nx-set-shas@v4': [['fallback-sha'], setShas],
};

/** Does what an action does. @throws for one that is not known */
export async function act(
  { uses = '', with: inputs = {} }: ActionStep,
  context: ActionContext,
  machine: WorkflowMachine,
): Promise<void> {
  const [names, simulate] = ACTIONS[uses] ?? [];
  const unknown = Object.keys(inputs).filter((name) => !names?.includes(name));
  if (!simulate || unknown.length > 0) {
    throw new Error(`nobody simulates ${uses} ${unknown.join(' ')}`);
  }
  const input = (name: string) =>
    inputs[name] === undefined ? undefined : String(inputs[name]);
  await simulate(input, context, machine);
}

async function checkout(
  ...[input, { origin, event }, machine]: Parameters<Act>
): Promise<void> {
  await machine.checkout(origin, event.sha, Number(input('fetch-depth') ?? 1));
}

/** https://github.com/nrwl/nx-set-shas#background */
async function setShas(
  ...[input, { event, lastSuccess }, { root, setEnv }]: Parameters<Act>
): Promise<void> {
  const base =
    event.name === 'pull_request'
      ? await git(root, 'merge-base', 'origin/main', 'HEAD')
      : (lastSuccess ?? input('fallback-sha') ?? (await commitBefore(root)));
  // A clone that is too shallow lacks it.
  if (base !== EMPTY_TREE) await git(root, 'cat-file', '-e', base);
  await setEnv('NX_BASE', base);
  await setEnv('NX_HEAD', await git(root, 'rev-parse', 'HEAD'));
}

function commitBefore(root: string): Promise<string> {
  return git(root, 'rev-parse', 'HEAD~1').catch(() => EMPTY_TREE);
}
