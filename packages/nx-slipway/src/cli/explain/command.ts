import { lstat } from 'node:fs/promises';
import { isAbsolute, posix, relative, resolve, sep } from 'node:path';
import { loadDeclared } from '../../executors';
import { SlipwayError, formatError, nearest } from '../../report';
import type { Arguments } from '../arguments';
import type { Terminal } from '../terminal';
import { usageError } from '../usage-error';
import { executorContext, neededRoot } from '../workspace';
import { explainFile } from './explain-file';
import { formatExplanation, type Explanation } from './format';

type Context = Awaited<ReturnType<typeof executorContext>>;

/** `slipway explain` */
export async function explain(
  args: Arguments,
  terminal: Terminal,
): Promise<number> {
  const root = await neededRoot(args, terminal);
  const [word = ''] = args.words;
  const path = resolve(terminal.cwd, word);
  const isThere = await assertFile(word, path, root);
  const context = await executorContext(root, args.text('configuration'));
  const project = projectOf(args, context);
  const isMeant = (one: { readonly project: string }) =>
    project === undefined || one.project === project;
  const { declaredImages, deployersOf } = await loadDeclared();
  const { images, wrong } = declaredImages(context);
  const leaveOut = (task: string, error: unknown) => {
    if (!(error instanceof SlipwayError)) throw error;
    terminal.warn(`${task} is left out: ${formatError(error)}`);
  };
  for (const { task, error } of wrong.filter(isMeant)) leaveOut(task, error);
  const answers = await Promise.all(
    images
      .filter(isMeant)
      .map((image) =>
        explainFile(path, image).catch((error: unknown) =>
          leaveOut(image.task, error),
        ),
      ),
  );
  const explanation: Explanation = {
    file: below(root, path),
    isThere,
    images: answers.flatMap((answer) => answer ?? []),
    deployedBy: deployersOf(path, context)
      .filter(isMeant)
      .map(({ task }) => task),
  };
  terminal.print(
    args.isSet('json')
      ? `${JSON.stringify({ schema: 1, ...explanation }, null, 2)}\n`
      : formatExplanation(explanation),
  );
  return 0;
}

/**
 * @returns whether there is one
 * @throws SLIPWAY_E_USAGE for a folder, and for what is not in the workspace
 */
async function assertFile(
  word: string,
  path: string,
  root: string,
): Promise<boolean> {
  const inside = below(root, path);
  if (inside === '..' || inside.startsWith('../') || isAbsolute(inside)) {
    throw usageError(
      `${word} is not in the workspace ${root}.`,
      'Name a file in it, relative to the current folder.',
    );
  }
  const stat = await lstat(path).catch(() => undefined);
  if (stat?.isDirectory()) {
    throw usageError(`${word} is a folder.`, 'Name a file in it.');
  }
  return stat !== undefined;
}

/** @throws SLIPWAY_E_USAGE */
function projectOf(args: Arguments, context: Context): string | undefined {
  const name = args.text('project');
  const names = Object.keys(context.projectsConfigurations.projects);
  if (name === undefined || names.includes(name)) return name;
  const near = nearest(name, names);
  throw usageError(
    `there is no project ${JSON.stringify(name)}.`,
    near === undefined
      ? 'nx show projects lists all.'
      : `Did you mean ${near}?`,
  );
}

function below(root: string, path: string): string {
  return relative(root, path).split(sep).join(posix.sep);
}
