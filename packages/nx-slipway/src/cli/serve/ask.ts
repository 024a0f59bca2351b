import { SlipwayError, foreignText } from '../../report';
import type { ServeAnswer, ServeRequest, ServeStatus } from '../../serve';
import type { Arguments } from '../arguments';
import type { Terminal } from '../terminal';
import { neededRoot } from '../workspace';

/** One that has done what it was asked. */
export interface Answered {
  readonly pid: number;
  readonly status: ServeStatus;
}

/** What came of asking serves of one workspace. */
export interface Asked {
  readonly done: readonly Answered[];
  /** Of the command: 1 if one could not do it, or did not answer. */
  readonly exitCode: number;
}

/**
 * Asks the running serves of this workspace; why one has not done what it was
 * asked is said at once.
 * @param isMeant by default all are asked
 * @throws SLIPWAY_E_NO_SERVE where none runs, SLIPWAY_E_USAGE
 */
export async function askRunning(
  args: Arguments,
  terminal: Terminal,
  request: ServeRequest,
  isMeant: (pid: number) => boolean = () => true,
): Promise<Asked> {
  const root = await neededRoot(args, terminal);
  const { askServes, controlPlace, findServes } = await import('../../serve');
  const serves = await findServes(await controlPlace(root, terminal.env));
  const answers = await askServes(
    serves.filter(({ pid }) => isMeant(pid)),
    request,
  );
  if (answers.length === 0) throw noServe(root);
  const done: Answered[] = [];
  for (const answer of answers) {
    if ('status' in answer) done.push(answer);
    else for (const line of complaint(answer)) terminal.warn(line);
  }
  return { done, exitCode: done.length < answers.length ? 1 : 0 };
}

function complaint({
  pid,
  fault,
}: Extract<ServeAnswer, { fault: unknown }>): string[] {
  return faultLines(`nx serve, pid ${pid}`, fault);
}

/** An error of a serve, with what it is of. */
export function faultLines(
  of: string,
  { code, message, hint }: Extract<ServeAnswer, { fault: unknown }>['fault'],
): string[] {
  const first = code === undefined ? message : `${code}: ${message}`;
  const text = `${of}: ${first}${hint === undefined ? '' : `\n  hint: ${hint}`}`;
  return text.split('\n').map((line) => foreignText(line, false));
}

function noServe(root: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_NO_SERVE',
    message: `no nx serve of ${root} is running.`,
    hint: 'Start one: npx nx serve PROJECT.',
  });
}
