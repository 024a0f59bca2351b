import type { FileInDep, LeftOutBy } from '../../inputs';
import type { ImageAnswer } from './explain-file';
import type { Save } from './save';

/** All that the workspace has to say of a file. */
export interface Explanation {
  /** Relative to the workspace root, with `/`. */
  readonly file: string;
  readonly isThere: boolean;
  readonly images: readonly ImageAnswer[];
  /** The tasks that deploy it. */
  readonly deployedBy: readonly string[];
}

/** Some lines for each image, and one for each target that deploys the file. */
export function formatExplanation({
  file,
  isThere,
  images,
  deployedBy,
}: Explanation): string {
  const lines = [
    isThere ? file : `${file} (not there: answered by its name)`,
    ...images.flatMap(linesOf),
    ...deployedBy.map((task) => `${task} deploys it`),
  ];
  if (lines.length === 1) {
    lines.push('no image has it in its deps, and no project deploys it');
  }
  return lines.map((line) => `${line}\n`).join('');
}

function linesOf(answer: ImageAnswer): string[] {
  const { image, task, deps, through, readBy, save } = answer;
  return [
    `${image}, built by ${task}`,
    ...[
      ...deps.map(lineOfDep),
      ...through.map(
        (name) => `deps of ${name}, which it is built on, hold it`,
      ),
      ...readBy.map((name) => `${name} may read it, and runs before`),
      ...linesOfSave(save),
    ].map((line) => `  ${line}`),
  ];
}

function lineOfDep({ dep, leftOut }: FileInDep): string {
  const name = `the dep ${dep || '.'}`;
  if (!leftOut) return `${name} holds it`;
  return `${name} leaves ${leftOut.folder ?? 'it'} out: ${reasonOf(leftOut)}`;
}

function reasonOf({ by, pattern = '', file = '', line }: LeftOutBy): string {
  switch (by) {
    case 'ignore':
      return `"${pattern}" of the option ignore`;
    case 'dockerignore':
      return `"${pattern}" in ${file}, line ${line}`;
    case 'gitignore':
      return 'git or Nx ignores it';
    case 'glob':
      return 'the glob does not match';
    case 'input':
      return 'the named input takes it out again';
    case 'manifest':
      return 'it is a manifest, which is deployed';
    case 'name':
      return 'nothing of that name is an input (editors, version control, packages)';
    case 'output':
      return 'the build itself writes it';
    case 'link':
      return 'it is a link, which is an input, and what lies behind it is none';
  }
}

function linesOfSave(save: Save): string[] {
  switch (save.does) {
    case 'nothing':
      return ['a save does nothing'];
    case 'build':
      return [`a save builds: ${save.why}`];
    case 'replace':
      return [`a save replaces its pods: ${save.why}`];
    case 'tasks':
      return [
        `a save runs ${save.tasks.join(', ')}, and what that makes counts`,
      ];
    case 'run':
      return afterwards('a save is taken without a sync', save);
    case 'sync':
      return afterwards(
        `a save is brought by sync ${save.from} -> ${save.to}: it stands at ${save.path}`,
        save,
      );
  }
}

function afterwards(
  first: string,
  { runs, restart }: Extract<Save, { runs: unknown }>,
): string[] {
  return [
    first,
    ...runs.map((run) => `then runs: ${run}`),
    ...(restart ? ['then the process starts again'] : []),
  ];
}
