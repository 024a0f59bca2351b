import { counted } from '../../../report';
import type { Finding } from '../plan';
import type { Note } from '../read';

/** What is said of one import. */
export interface Told {
  /** The Tiltfile, from the workspace root. */
  readonly file: string;
  readonly findings: readonly Finding[];
  /** What no call stands for. */
  readonly notes: readonly Note[];
  readonly served?: string;
  readonly serve: string;
  readonly customBuild: string;
}

const LONGEST = 60;
const REST = 'Write what is missing into the target by hand.';

const unread = ({ notes }: Told): Note[] =>
  notes.filter(({ kind }) => kind !== 'assumed');

/** The report as Markdown: each call once, in the order of the Tiltfile. */
export function reportOf(told: Told): string {
  const { file, findings, notes } = told;
  const of = (...results: Finding['result'][]) =>
    findings.filter(({ result }) => results.includes(result));
  const moved = of('moved', 'part');
  const left = of('left', 'part');
  const needless = of('needless');
  return [
    `# What was taken from ${file}`,
    '',
    `${summaryOf(told)} The Tiltfile was read and not run, and it stays as it is.`,
    ...section(
      'Moved',
      ['line', 'call', 'is now', 'what is different'],
      moved.map((finding) => [
        lineOf(finding),
        callOf(finding),
        finding.to.map(code).join(', '),
        finding.notes.join('; '),
      ]),
    ),
    ...section(
      'Not moved',
      ['line', 'call', 'why', 'what to do'],
      [
        ...left.map((finding) => [
          lineOf(finding),
          finding.result === 'part'
            ? `${callOf(finding)}, in part`
            : callOf(finding),
          finding.problems.join('; '),
          finding.todo ?? (finding.result === 'part' ? REST : ''),
        ]),
        ...unread(told).map(({ place, text, why }) => [
          `${place.file}:${place.line}`,
          code(shortened(text)),
          `not read: ${why}`,
          'Write by hand what it comes to.',
        ]),
      ],
    ),
    ...section(
      'Taken to be so',
      ['line', 'text', 'how it was read'],
      notes
        .filter(({ kind }) => kind === 'assumed')
        .map(({ place, text, why }) => [
          `${place.file}:${place.line}`,
          code(shortened(text)),
          why,
        ]),
    ),
    ...section(
      'Needs nothing',
      ['line', 'call', 'why'],
      needless.map((finding) => [
        lineOf(finding),
        callOf(finding),
        finding.notes.join('; '),
      ]),
    ),
    ...nextOf(told),
    '',
  ].join('\n');
}

/** One sentence, with the numbers. */
export function summaryOf(told: Told): string {
  const { findings } = told;
  const missed = unread(told).length;
  const count = (result: Finding['result']) =>
    findings.filter((finding) => finding.result === result).length;
  const part = count('part');
  const parts = [
    `${count('moved') + part} moved${part > 0 ? ` (${part} in part)` : ''}`,
    `${count('left')} not moved`,
    ...(count('needless') > 0 ? [`${count('needless')} needed no more`] : []),
  ];
  const more = missed > 0 ? `, and ${counted(missed, 'place')} not read` : '';
  return `${counted(findings.length, 'call')}: ${parts.join(', ')}${more}.`;
}

function nextOf({ served, serve, customBuild, findings }: Told): string[] {
  const builds = findings.some(({ to }) =>
    to.some((each) => each.split(':')[1]?.startsWith(customBuild)),
  );
  const commands = [
    ...(builds ? [`npx nx run-many -t ${customBuild}`] : []),
    ...(served ? [`npx nx run ${served}:${serve}`] : []),
  ];
  if (commands.length === 0) return [];
  return ['', '## What comes next', '', '```sh', ...commands, '```'];
}

function section(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cell).join(' | ')} |`;
  return [
    '',
    `## ${title}`,
    '',
    line(heads),
    line(heads.map(() => '---')),
    ...rows.map(line),
  ];
}

const cell = (text: string): string =>
  text.replace(/\s*\r?\n\s*/g, ' ').replace(/\|/g, '\\|');

const lineOf = ({ call: { place } }: Finding): string =>
  `${place.file}:${place.line}`;

const callOf = ({ call }: Finding): string => code(shortened(call.text));

/** In backticks, more of them where the text has some. */
function code(text: string): string {
  const longest = Math.max(
    0,
    ...(text.match(/`+/g) ?? []).map((each) => each.length),
  );
  const ticks = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${ticks}${pad}${text}${pad}${ticks}`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}
