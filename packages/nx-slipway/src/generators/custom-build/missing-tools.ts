import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Tool } from '../recipes';

/** What Windows puts behind the name of a program. */
const ENDINGS = ['', '.exe', '.cmd', '.bat'];

/**
 * The programs that are not on the PATH. One that is given by its path, as a
 * project's wrapper, is the project's business.
 */
export function missingTools(
  tools: readonly Tool[],
  path = process.env.PATH ?? '',
): Tool[] {
  const folders = path.split(delimiter).filter(Boolean);
  const isThere = (program: string) =>
    folders.some((folder) =>
      ENDINGS.some((ending) => existsSync(join(folder, program + ending))),
    );
  return tools.filter(
    ({ program }) => !program.includes('/') && !isThere(program),
  );
}
