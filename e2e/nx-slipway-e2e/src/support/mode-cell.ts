import { randomBytes } from 'node:crypto';
import type { Sandbox } from '@nx-slipway/sandbox';
import { WRITTEN, type Cell } from './modes';
import type { TestWorkspace } from './workspace';

/**
 * Without Docker's cache: its builder lists all images made of the same base and
 * fails when a neighbour removes one of them before it was read.
 */
const BUILD =
  'docker build -q --no-cache --label cell="$NX_TASK_TARGET_PROJECT" -t "$IMAGE" .';

/**
 * What a user's script does in each mode. It is told where the image goes by
 * `EXPECTED_REF`, or writes its own ref.
 */
function command(cell: Cell): string {
  const { id, options } = cell.mode;
  const steps = ['IMAGE=${EXPECTED_REF-$WRITTEN}', BUILD];
  if (id === 'pushed-tag') {
    // The builder's own tag is in Docker; the script pushes it where it goes.
    steps.push('docker tag "$IMAGE" "$MAPPED"', 'docker push -q "$MAPPED"');
  } else if (id.startsWith('pushed') || id.startsWith('skips')) {
    steps.push('docker push -q "$IMAGE"');
  }
  if (id.startsWith('cluster') && runsInCluster(cell)) {
    steps.push(
      'docker save "$IMAGE" | ctr --address $CONTAINERD -n k8s.io images import - >&2',
    );
  }
  if (id.startsWith('skips')) {
    // As if it had never been there: in a store of the builder's own. The image
    // itself stays, under a name that nobody asks for (see BUILD).
    const kept = '"kept/$NX_TASK_TARGET_PROJECT"';
    steps.push(`docker tag "$IMAGE" ${kept}`, 'docker rmi "$IMAGE"');
  }
  if (options.outputsImageRefTo) {
    steps.push('echo "$WRITTEN" > "$SLIPWAY_OUTPUT_REF_FILE"');
  }
  return [
    ...steps,
    'echo "EXPECTED_REF=${EXPECTED_REF-unset}" > told.txt',
  ].join(' && ');
}

/** Whether a test runs what the cell deploys: once for each mode, or its way. */
export function runsInCluster({ mode: { id }, situation }: Cell): boolean {
  if (situation.id === 'two') return !id.startsWith('never');
  return situation.id === 'none' && id.startsWith('cluster');
}

/**
 * With this sandbox's registry, and names of the cell's own, so that cells can
 * run side by side.
 */
export function ofCell<T>(value: T, { id }: Cell, { registry }: Sandbox): T {
  const text = JSON.stringify(value)
    .replaceAll('HOST', registry.host)
    .replaceAll('CLUSTER', registry.hostFromCluster)
    .replace(/(?<![a-z0-9])web(?![a-z0-9])/g, id);
  return JSON.parse(text) as T;
}

/** A project for one cell of the matrix. */
export async function addCell(
  workspace: TestWorkspace,
  cell: Cell,
): Promise<void> {
  const { mode, situation } = cell;
  const root = `cells/${cell.id}`;
  await workspace.write(`${root}/Dockerfile`, 'FROM busybox:1.35\n');
  const options = {
    ref: situation.ref,
    registry: situation.registry ?? '',
    ...mode.options,
    env: {
      WRITTEN,
      NONCE: randomBytes(8).toString('hex'),
      MAPPED: `${situation.name}:${situation.tagPrefix ?? ''}dev`,
    },
  };
  await workspace.writeJson(`${root}/project.json`, {
    name: cell.id,
    targets: {
      'custom-build': {
        executor: 'nx-slipway:custom-build',
        options: {
          ...ofCell(options, cell, workspace.sandbox),
          command: command(cell),
          deps: ['Dockerfile'],
          platform: 'linux/amd64',
        },
      },
    },
  });
}

const TOKENS: Readonly<Record<string, string>> = {
  '<build>': 'nx-build-[0-9a-f]{16}',
  '<reused>': 'nx-build-[0-9a-f]{16}',
  '<content>': 'nx-[0-9a-f]{16}',
  '<inputs>': 'nx-[0-9a-f]{16}',
  '<digest>': 'sha256:[0-9a-f]{64}',
};

/** What a ref that the table shows looks like in this cell. */
export function patternOf(
  template: string,
  cell: Cell,
  sandbox: Sandbox,
): RegExp {
  const literal = ofCell(template, cell, sandbox).replace(
    /[.*+?^${}()|[\]\\]/g,
    '\\$&',
  );
  const pattern = literal.replace(/<\w+>/g, (token) => TOKENS[token] ?? token);
  return new RegExp(`^${pattern}$`);
}

/** What each project of a `run-many` printed, less the prefix of its lines. */
export function outputsOf(output: string): ReadonlyMap<string, string> {
  const blocks = output.split(/^> nx run (\S+):custom-build.*$/m).slice(1);
  const pairs = blocks.flatMap((block, index): [string, string][] =>
    index % 2 === 0 ? [[block, blocks[index + 1] ?? '']] : [],
  );
  return new Map(pairs);
}
