import { relative } from 'node:path';
import { recordPath } from '../../state';
import { ok, skip, warn, type Finding } from './finding';
import { runProgram } from './program';

type Env = Readonly<Record<string, string | undefined>>;

const IGNORED = 0;
const NOT_IGNORED = 1;

/** Records and locks are this machine's; Nx keeps what others may use. */
export async function checkGitIgnore(
  root: string | undefined,
  env: Env,
): Promise<Finding> {
  if (root === undefined) return skip('not in an Nx workspace');
  const record = relative(root, recordPath(root, 'any'));
  const args = ['check-ignore', '--quiet', record];
  const { exitCode } = await runProgram('git', args, { cwd: root, env });
  if (exitCode === IGNORED) return ok('.nx/slipway is ignored by git');
  if (exitCode !== NOT_IGNORED) return skip('not in a git repository');
  return warn(
    '.nx/slipway is not ignored by git.',
    'Add the line .nx/slipway to .gitignore.',
  );
}
