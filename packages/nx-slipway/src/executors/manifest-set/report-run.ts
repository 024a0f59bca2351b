import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  formatPlan,
  formatReport,
  markdownSummary,
  shownReport,
  type ObjectReport,
} from '../../deploy';
import { formatError, scrub } from '../../report';
import type { TargetRun } from '../run-target';
import type { Workspace } from '../workspace';

export interface ReportedRun extends TargetRun {
  readonly options: { readonly dryRun?: boolean; readonly summary?: string };
  readonly workspace: Workspace;
  /** `shop in shop of kind-dev` */
  readonly title: string;
}

/**
 * Tells what a run does to objects: in lines, to `--output json`, in the
 * summary of a CI job. Of a run that fails, what it has done before.
 * @param work tells of each object as soon as it is done with
 * @returns its report as it may be shown
 */
export async function reportRun<
  R extends { readonly objects: readonly ObjectReport[] },
>(
  run: ReportedRun,
  work: (onObject: (report: ObjectReport) => void) => Promise<R>,
): Promise<R> {
  const { reporter, tell, options, secrets } = run;
  const hide = (text: string) => scrub(text, secrets.all);
  const told = new Map<string, ObjectReport>();
  try {
    const report = await work((object) =>
      // More may be done to one: the last word holds.
      told.set(nameOf(object), shownReport(object, hide)),
    );
    const objects = report.objects.map((object) => shownReport(object, hide));
    const format = options.dryRun ? formatPlan : formatReport;
    for (const line of format({ objects })) reporter.info(line);
    await addSummary(run, objects);
    return { ...report, objects };
  } catch (error) {
    const done = [...told.values()];
    // What was refused, the error tells.
    const objects = done.filter(({ action }) => action !== 'refused');
    if (objects.length > 0) {
      for (const line of formatReport({ objects })) reporter.info(line);
    }
    tell({ objects: done });
    await addSummary(run, done, hide(formatError(error, false)));
    throw error;
  }
}

/**
 * To the file of the option `summary`, or to the one that GitHub Actions shows
 * with the job. One that cannot be written is no reason to fail what it tells of.
 */
async function addSummary(
  { options, workspace, title, reporter }: ReportedRun,
  objects: readonly ObjectReport[],
  failure?: string,
): Promise<void> {
  const { summary, dryRun = false } = options;
  const file =
    summary === undefined
      ? process.env.GITHUB_STEP_SUMMARY
      : workspace.path('summary', summary);
  if (!file) return;
  const head = { title, dryRun, ...(failure !== undefined && { failure }) };
  try {
    await mkdir(dirname(file), { recursive: true });
    await appendFile(file, `${markdownSummary(head, { objects })}\n`);
  } catch (error) {
    reporter.warn(
      `the summary could not be written: ${(error as Error).message}`,
    );
  }
}

function nameOf({ apiVersion, kind, namespace, name }: ObjectReport): string {
  return [apiVersion, kind, namespace, name].join('/');
}
