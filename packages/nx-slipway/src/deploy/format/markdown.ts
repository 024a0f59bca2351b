import type { ObjectAction, ObjectReport } from '../types';
import {
  PLANNED,
  fieldLine,
  inNamespace,
  summary,
  type Reports,
} from './lines';

const MAX_ROWS = 200;

export interface MarkdownSummary {
  /** `shop in shop of kind-dev` */
  readonly title: string;
  /** Nothing was done: it is what would be. */
  readonly dryRun: boolean;
  /** Why the run failed, without secrets. */
  readonly failure?: string;
}

/**
 * The same for the page of a CI job or a merge request, in the Markdown that
 * GitHub and GitLab share. What is unchanged is counted alone.
 */
export function markdownSummary(
  { title, dryRun, failure }: MarkdownSummary,
  { objects }: Reports,
): string {
  const word = (action: ObjectAction) => (dryRun ? PLANNED[action] : action);
  const told = objects.filter(({ action }) => action !== 'unchanged');
  const shown = told.slice(0, MAX_ROWS);
  const more = told.length - shown.length;
  return [
    `### ${escaped(title)}${dryRun ? ' (dry run)' : ''}`,
    '',
    ...(failure === undefined ? [] : [...quoted(failure), '']),
    failure !== undefined && objects.length === 0
      ? 'nothing was done'
      : summary(objects, word),
    ...(shown.length > 0
      ? [
          '',
          '| | object | |',
          '| --- | --- | --- |',
          ...shown.map((object) => row(object, word(object.action))),
        ]
      : []),
    ...(more > 0 ? ['', `and ${more} more`] : []),
    '',
  ].join('\n');
}

/** As it is, or a text of many lines would be one. */
function quoted(text: string): string[] {
  const longest = Math.max(
    0,
    ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length),
  );
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return ['It failed:', '', fence, text, fence];
}

function row(object: ObjectReport, word: string): string {
  const { kind, reason, rolls, diff = [], moreChanges = 0 } = object;
  const changes = diff.map((change) => `\`${code(fieldLine(change))}\``);
  const notes = [
    ...(reason === undefined ? [] : [escaped(reason)]),
    ...(rolls ? ['its pods are replaced'] : []),
    ...changes,
    ...(moreChanges > 0 ? [`and ${moreChanges} more`] : []),
  ];
  const what = escaped(`${kind} ${inNamespace(object)}`);
  return `| ${word} | ${what} | ${notes.join('<br>')} |`;
}

/** Between backticks: only what ends the cell or the code must not stand there. */
function code(text: string): string {
  return text.replace(/`/g, "'").replace(/\|/g, '\\|');
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&').replace(/\s+/g, ' ');
}
