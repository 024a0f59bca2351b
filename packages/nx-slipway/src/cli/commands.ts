import type { Arguments, Syntax } from './arguments';
import { PAUSE, RESUME, STATUS, TRIGGER } from './serve/commands';
import type { Terminal } from './terminal';

/** @returns the exit code */
export type Run = (args: Arguments, terminal: Terminal) => Promise<number>;

export interface Command extends Syntax {
  /** What --help prints. */
  readonly help: string;
  /** Loads what only this command needs. */
  readonly load: () => Promise<Run>;
}

const IMAGE_DEPLOY_REF: Command = {
  name: 'slipway image-deploy-ref',
  words: ['REF'],
  flags: {
    local: { type: 'boolean' },
    json: { type: 'boolean' },
    registry: { type: 'string' },
    workspace: { type: 'string' },
  },
  help: `slipway image-deploy-ref REF [--local] [--json] [--registry HOST]

Prints the ref by which an image is deployed: its name in the registry in
force, with a tag made of its content. With a digest too, if the registry has
that very image already.

REF is a ref in Docker, or, outside of a build command, an image name as in
the option "ref": then the record of its last build is asked.

  --local           as this machine sees the registry, not the cluster
  --json            { "local", "cluster", "contentId" }
  --registry HOST   not the one in force; "" is none
  --workspace DIR   where nx.json is; else it is looked for upwards

  slipway image-deploy-ref $EXPECTED_REF       in a build command
  slipway image-deploy-ref frontend            the last build of an image
`,
  load: async () => (await import('./image-deploy-ref/command')).imageDeployRef,
};

const DOCTOR: Command = {
  name: 'slipway doctor',
  words: [],
  flags: {
    context: { type: 'string' },
    registry: { type: 'string' },
    workspace: { type: 'string' },
    json: { type: 'boolean' },
  },
  help: `slipway doctor [--context NAME] [--registry HOST] [--json]

Checks what builds and deploys need on this machine, and says how to mend what
is wrong. Ends with 1 if anything fails. It listens on no port and changes
nothing, but leaves a blob of a few bytes in the repository
"nx-slipway-doctor" of the registry.

  --context NAME    a cluster to ask; the kubeconfig's current context never is
  --registry HOST   not the one of nx.json; "" is none
  --workspace DIR   where nx.json is; else it is looked for upwards
  --json            an array of { "name", "status", "detail", "fix" }

  slipway doctor
  slipway doctor --context kind-dev
`,
  load: async () => (await import('./doctor/command')).doctor,
};

const PRUNE: Command = {
  name: 'slipway prune',
  words: [],
  flags: {
    keep: { type: 'string' },
    'dry-run': { type: 'boolean' },
    'tag-prefix': { type: 'string' },
    workspace: { type: 'string' },
    json: { type: 'boolean' },
  },
  help: `slipway prune [--keep N] [--dry-run] [--json]

Takes old content tags out of Docker, of every image name, and tags that
killed builds left more than a day ago. What a container uses stays. Nothing
in a registry is touched.

  --keep N          how many of each image name stay, 1 or more (default: 5)
  --dry-run         only tell
  --tag-prefix P    of the tags; else tagPrefix in nx.json, else nx
  --workspace DIR   where nx.json is; else it is looked for upwards
  --json            an array of { "repository", "kept", "removed", ... }

  slipway prune --keep 2 --dry-run
`,
  load: async () => (await import('./prune')).prune,
};

const VERIFY: Command = {
  name: 'slipway verify',
  words: ['TASK'],
  flags: { workspace: { type: 'string' } },
  help: `slipway verify TASK

Tells whether the image of a task's last record still stands where it is
deployed from. It prints "gone" and a text that is never the same, or "nothing
is missing", also where nothing was built yet or nobody answers: the option
verify of custom-build makes a runtime input of Nx of it, so that a cache hit
whose image is gone becomes a build.

  --workspace DIR   where nx.json is; else it is looked for upwards

  slipway verify frontend:custom-build
`,
  load: async () => (await import('./verify')).verify,
};

const EXPLAIN: Command = {
  name: 'slipway explain',
  words: ['FILE'],
  flags: {
    project: { type: 'string' },
    configuration: { type: 'string' },
    workspace: { type: 'string' },
    json: { type: 'boolean' },
  },
  help: `slipway explain FILE [--project NAME] [--json]

Tells what becomes of a file: which images have it in their deps, or which rule
leaves it out; what a save does under nx serve, a build or a live update, and
by which step; which projects deploy it. It need not be there yet. Nothing is
built, run or written.

  --project NAME        only what this project builds or deploys
  --configuration NAME  of the targets that have it
  --workspace DIR       where nx.json is; else it is looked for upwards
  --json                { "schema", "file", "images", "deployedBy", ... }

  slipway explain apps/frontend/src/main.ts
`,
  load: async () => (await import('./explain/command')).explain,
};

/** What users call them by. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  'image-deploy-ref': IMAGE_DEPLOY_REF,
  status: STATUS,
  trigger: TRIGGER,
  pause: PAUSE,
  resume: RESUME,
  explain: EXPLAIN,
  doctor: DOCTOR,
  prune: PRUNE,
  verify: VERIFY,
};

export const HELP = `slipway COMMAND [OPTIONS]

The command line of nx-slipway; it is on the PATH of build commands.

  image-deploy-ref REF   the ref by which an image is deployed
  status                 how a running nx serve stands
  trigger [IMAGE]        have it build what has changed and waits
  pause, resume          have it build and apply nothing, until it may again
  explain FILE           which images have a file, and what a save of it does
  doctor                 check Docker, registry, cluster and limits
  prune                  take old tags of ours out of Docker
  verify TASK            whether the image of the last build is still there

  -h, --help, help       this, or the help of a command
  --version

  slipway image-deploy-ref $EXPECTED_REF
  slipway doctor --help
`;
