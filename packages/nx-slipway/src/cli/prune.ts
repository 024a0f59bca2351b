import type { pruneDocker as PruneDocker } from '../build';
import { isTag } from '../image';
import type { Arguments } from './arguments';
import { table } from './table';
import type { Terminal } from './terminal';
import { usageError } from './usage-error';
import { optionsOf, workspaceRoot } from './workspace';

const DEFAULT_KEEP = 5;
const MEGABYTE = 1_000_000;

/** `slipway prune` */
export async function prune(
  args: Arguments,
  terminal: Terminal,
): Promise<number> {
  const keep = keepOf(args);
  const dryRun = args.isSet('dry-run');
  const tagPrefix = await tagPrefixOf(args, terminal);
  const [{ connectDocker }, { pruneDocker }] = await Promise.all([
    import('../docker'),
    import('../build'),
  ]);
  const docker = connectDocker(terminal.env);
  try {
    const now = () => Date.now();
    const reports = await pruneDocker({ docker, tagPrefix, keep, dryRun, now });
    terminal.print(
      args.isSet('json')
        ? `${JSON.stringify(reports, null, 2)}\n`
        : told(reports, tagPrefix, dryRun),
    );
    return 0;
  } finally {
    docker.close();
  }
}

type Report = Awaited<ReturnType<typeof PruneDocker>>[number];

/** @throws SLIPWAY_E_USAGE */
function keepOf(args: Arguments): number {
  const text = args.text('keep');
  if (text === undefined) return DEFAULT_KEEP;
  const keep = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(keep) && keep >= 1)
    return keep;
  throw usageError(
    `--keep is ${JSON.stringify(text)}.`,
    'It is a whole number, 1 or more.',
  );
}

/** @throws SLIPWAY_E_USAGE, and what optionsOf throws */
async function tagPrefixOf(
  args: Arguments,
  terminal: Terminal,
): Promise<string> {
  const given = args.text('tag-prefix');
  if (given === undefined) {
    return (await optionsOf(await workspaceRoot(args, terminal))).tagPrefix;
  }
  if (isTag(given)) return given;
  throw usageError(
    `--tag-prefix is ${JSON.stringify(given)}.`,
    'It is what a tag may begin with.',
  );
}

function told(
  reports: readonly Report[],
  tagPrefix: string,
  dryRun: boolean,
): string {
  if (reports.length === 0) {
    return `Docker has no tags of ours (${tagPrefix}-<16 hex digits>).\n`;
  }
  const removed = dryRun ? 'WOULD GO' : 'REMOVED';
  const header = ['IMAGE', 'KEPT', removed, 'IN USE', 'LEFT BY KILLED', 'MB'];
  const busy = reports.filter(
    ({ removed, inUse, transient }) =>
      removed.length + inUse.length + transient.length > 0,
  );
  const which = dryRun ? 'have tags that are' : 'had tags that were';
  const rest = `${busy.length} of ${reports.length} images ${which} too old or left behind.\n`;
  if (busy.length === 0) return rest;
  const rows = busy.map((report) => [
    nameOf(report),
    ...[report.kept, report.removed, report.inUse, report.transient].map(
      ({ length }) => String(length),
    ),
    (report.bytes / MEGABYTE).toFixed(1),
  ]);
  return `${table([header, ...rows])}${rest}`;
}

/** Where many images share a repository, its tags say which. */
function nameOf({ repository, namePrefix }: Report): string {
  return namePrefix === undefined ? repository : `${repository}:${namePrefix}-`;
}
