import { posix } from 'node:path';
import { formatFiles, logger, type Tree } from '@nx/devkit';
import { nearest, SlipwayError } from '../../report';
import { projectOf, usePlugin, withHints } from '../targets';
import { planImport, type Finding } from './plan';
import { readTiltfile, type TiltfileText } from './read';
import { reportOf, summaryOf } from './report';
import type { TiltfileGeneratorSchema } from './schema';
import { parentOf } from './values';
import { workspaceOf, writePlan } from './write';

const TILTFILE = 'Tiltfile';
const REPORT = 'tiltfile-import.md';
const SHOWN = 10;

/**
 * Writes targets and options of what a Tiltfile says, and a report. The Tiltfile
 * is read, never run, and stays as it is. Run again, it changes only what the
 * Tiltfile says otherwise now.
 * @throws SLIPWAY_E_OPTION_INVALID for a file or a project that is not there
 */
export default withHints(
  async (tree: Tree, options: TiltfileGeneratorSchema): Promise<void> => {
    const file = inWorkspace(options.file ?? TILTFILE, 'The file');
    const text = readTiltfile(file, tree);
    assertRead(tree, file, text);
    const dir = parentOf(file);
    const report = inWorkspace(
      options.report ?? posix.join(dir, REPORT),
      '--report',
    );
    const wanted = options.project ? placeOf(tree, options.project) : undefined;
    usePlugin(tree);
    const ignored = [...text.files, report];
    const workspace = workspaceOf(tree, ignored);
    const plan = planImport(text.calls, dir, workspace, wanted);
    const refused = writePlan(tree, plan);
    const { deploy, serve, customBuild } = workspace.targetNames;
    // Where something else deploys, there is nothing of ours to serve.
    const served = refused.includes(`${plan.served}:${deploy}`)
      ? undefined
      : plan.served;
    const told = {
      file,
      findings: plan.ledger.findings(),
      notes: text.notes,
      serve,
      customBuild,
      ...(served && { served }),
    };
    if (!options.skipReport) writeReport(tree, report, reportOf(told));
    if (!options.skipFormat) await formatFiles(tree);
    const where = options.skipReport ? '' : ` The report is ${report}.`;
    logger.info(`${file}: ${summaryOf(told)}${where}`);
    tellLeft(told.findings);
    if (served) logger.info(`Next: npx nx run ${served}:${serve}`);
  },
);

/** As much as a screen holds; the report has all. */
function tellLeft(findings: readonly Finding[]): void {
  const left = findings.filter(
    ({ result }) => result === 'left' || result === 'part',
  );
  for (const { result, call, problems } of left.slice(0, SHOWN)) {
    const how = result === 'part' ? 'moved in part' : 'not moved';
    logger.warn(
      `line ${call.place.line}, ${call.name}: ${how}: ${problems.join('; ')}`,
    );
  }
  if (left.length > SHOWN) logger.warn(`... and ${left.length - SHOWN} more`);
}

function placeOf(tree: Tree, name: string) {
  const { root } = projectOf(tree, name);
  return { name, root: root === '.' ? '' : root };
}

/** Nx would read and write also what lies above it. */
function inWorkspace(path: string, what: string): string {
  const normal = posix.normalize(path);
  if (!/^(?:\.\.)?(?:\/|$)/.test(normal)) return normal;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `${what} is "${path}", which is not in this workspace`,
    hint: 'Name it by its path from the workspace root, for example deploy/Tiltfile.',
  });
}

/** A file that is not changed is not written, so that nobody formats it. */
function writeReport(tree: Tree, path: string, text: string): void {
  if (!tree.exists(path) || tree.read(path, 'utf8') !== text) {
    tree.write(path, text);
  }
}

/** A report of nothing would say that nothing was to be done. */
function assertRead(tree: Tree, file: string, { notes }: TiltfileText): void {
  const refused = notes.find(
    ({ kind, place }) => kind === 'refused' && place.file === file,
  );
  if (!refused) return;
  const others = tree.children(parentOf(file) || '.');
  const near = nearest(posix.basename(file), others);
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `${file} was not read: ${refused.why}`,
    hint: `${near && near !== posix.basename(file) ? `Did you mean ${posix.join(parentOf(file), near)}? ` : ''}Name the Tiltfile by its path from the workspace root: nx g nx-slipway:tiltfile deploy/Tiltfile.`,
  });
}
