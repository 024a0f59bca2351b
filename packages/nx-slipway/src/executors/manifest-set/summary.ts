import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  markdownSummary,
  type DeployReport,
  type DownReport,
} from '../../deploy';
import type { TargetRun } from '../run-target';
import type { Workspace } from '../workspace';

/**
 * Adds what changed, as a Markdown text, to the file of the option `summary`, or to the one that
 * GitHub Actions shows with the job. A summary that cannot be written is no
 * reason to fail what it tells of.
 */
export async function addSummary(
  { summary }: { readonly summary?: string },
  workspace: Workspace,
  title: string,
  report: DeployReport | DownReport,
  { reporter }: TargetRun,
): Promise<void> {
  const file =
    summary === undefined
      ? process.env.GITHUB_STEP_SUMMARY
      : workspace.path('summary', summary);
  if (!file) return;
  try {
    await mkdir(dirname(file), { recursive: true });
    await appendFile(file, `${markdownSummary(title, report)}\n`);
  } catch (error) {
    reporter.warn(
      `the summary could not be written: ${(error as Error).message}`,
    );
  }
}
