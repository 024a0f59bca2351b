import { run } from './run';

/** Who commits, and with no setting of the machine's own. */
const SETTINGS = [
  ['user.name', 'Tester'],
  ['user.email', 'tester@localhost'],
  ['init.defaultBranch', 'main'],
  ['commit.gpgSign', 'false'],
  ['core.hooksPath', '/dev/null'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** @returns what it prints @throws if it fails */
export function git(root: string, ...args: string[]): Promise<string> {
  return run('git', [...SETTINGS, ...args], { cwd: root });
}

/** Commits all that the workspace holds, in a repository that is made if there is none. */
export async function commitAll(root: string, message: string): Promise<void> {
  await git(root, 'init', '--quiet');
  await git(root, 'add', '--all');
  await git(root, 'commit', '--quiet', '--allow-empty', '-m', message);
}
