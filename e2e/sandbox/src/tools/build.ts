import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireLock } from '../../bootstrap';
import { SandboxError } from '../error';
import type { Layout } from '../layout';
import { removeTree } from '../system/files';
import { run } from '../system/run';
import {
  type GoTool,
  isBuilt,
  moduleFolder,
  toolFolder,
  versionIn,
} from './tools';

const OLDEST_GO = [1, 24] as const;

/** Whether `go version` is new enough. */
export function goIsEnough(version: string): boolean {
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(version) ?? [];
  const [wantedMajor, wantedMinor] = OLDEST_GO;
  return (
    Number(major) > wantedMajor ||
    (Number(major) === wantedMajor && Number(minor) >= wantedMinor)
  );
}

/** @throws SandboxError SANDBOX_E_GO when there is no Go, or an old one. */
export async function checkGo(): Promise<void> {
  const version = await run(['go', 'env', 'GOVERSION'], {
    env: { GOTOOLCHAIN: 'local' },
  }).catch(() => undefined);
  if (version !== undefined && goIsEnough(version)) return;
  throw new SandboxError(
    'SANDBOX_E_GO',
    version === undefined ? 'Go is missing.' : `${version} is too old.`,
    `Install Go >= ${OLDEST_GO.join('.')}: Kubernetes and ko are built with it.`,
  );
}

/**
 * Builds all programs of the tool's module into the cache. A build that was
 * killed goes on where it was: its Go cache stays, in a folder of its own,
 * until the build is done (it is 3 GB that nobody needs afterwards).
 */
export async function buildGoTool(layout: Layout, tool: GoTool): Promise<void> {
  if (isBuilt(layout, tool)) return;
  // One build at a time: two would take each other's cores.
  const release = await acquireLock(`go build ${layout.tools}`);
  try {
    if (!isBuilt(layout, tool)) await build(layout, tool);
  } finally {
    await release();
  }
}

async function build(layout: Layout, tool: GoTool): Promise<void> {
  const module = moduleFolder(tool);
  const goMod = await readFile(join(module, 'go.mod'), 'utf8');
  const work = join(layout.tools, '.building', tool.name);
  const done = join(work, 'done');
  await removeTree(done);
  await mkdir(join(done, 'bin'), { recursive: true });
  await run(
    [
      // Ends with us: a build that nobody waits for would take both cores.
      ...(['setpriv', '--pdeathsig', 'KILL', 'go', 'install'] as const),
      // Debug information nobody reads would be a tenth of the work.
      '-gcflags=all=-dwarf=false',
      `-ldflags=${tool.ldflags(versionIn(goMod, tool.module))}`,
      'tool',
    ],
    {
      cwd: module,
      env: {
        CGO_ENABLED: '0',
        GOBIN: join(done, 'bin'),
        GOCACHE: join(work, 'cache'),
        GOFLAGS: '',
        // Memory for time: the compiler lives too briefly to need collecting.
        GOGC: '400',
        GOTOOLCHAIN: 'local',
        GOWORK: 'off',
      },
    },
  );
  await rename(done, toolFolder(layout, tool));
  await removeTree(work);
}
