import type {
  DeployPlan,
  DeployReport,
  DownReport,
  ObjectReport,
} from '../types';
import { fieldLine, inNamespace, summary } from './lines';

const MAX_ROWS = 200;

/**
 * The same for the page of a CI job or a merge request, in the Markdown that
 * GitHub and GitLab share. What is unchanged is counted alone.
 * @param title `shop in shop of kind-dev`
 */
export function markdownSummary(
  title: string,
  { objects }: DeployPlan | DeployReport | DownReport,
): string {
  const told = objects.filter(({ action }) => action !== 'unchanged');
  const shown = told.slice(0, MAX_ROWS);
  const more = told.length - shown.length;
  return [
    `### ${escaped(title)}`,
    '',
    summary(objects, (action) => action),
    ...(shown.length > 0
      ? ['', '| | object | |', '| --- | --- | --- |', ...shown.map(row)]
      : []),
    ...(more > 0 ? ['', `and ${more} more`] : []),
    '',
  ].join('\n');
}

function row(object: ObjectReport): string {
  const { action, kind, reason, rolls, diff = [], moreChanges = 0 } = object;
  const changes = diff.map((change) => `\`${code(fieldLine(change))}\``);
  const notes = [
    ...(reason === undefined ? [] : [escaped(reason)]),
    ...(rolls ? ['its pods are replaced'] : []),
    ...changes,
    ...(moreChanges > 0 ? [`and ${moreChanges} more`] : []),
  ];
  const what = escaped(`${kind} ${inNamespace(object)}`);
  return `| ${action} | ${what} | ${notes.join('<br>')} |`;
}

/** Between backticks: only what ends the cell or the code must not stand there. */
function code(text: string): string {
  return text.replace(/`/g, "'").replace(/\|/g, '\\|');
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&').replace(/\s+/g, ' ');
}
