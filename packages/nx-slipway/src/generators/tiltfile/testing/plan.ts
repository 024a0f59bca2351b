import { DEFAULT_NAMES } from '../../../settings';
import { planImport, type Plan, type Workspace } from '../plan';
import { readTiltfile } from '../read';

/** What a Tiltfile comes to where these files are and no project is. */
export function planOf(
  files: Readonly<Record<string, string>>,
  workspace: Partial<Workspace> = {},
): Plan {
  const { calls } = readTiltfile('Tiltfile', {
    read: (path) => {
      const text = files[path];
      return text === undefined ? null : Buffer.from(text);
    },
  });
  return planImport(calls, '', {
    projects: [],
    targetNames: DEFAULT_NAMES,
    ignored: ['Tiltfile'],
    isFile: (path) => path in files,
    exists: (path) =>
      Object.keys(files).some(
        (file) => file === path || file.startsWith(`${path}/`),
      ),
    read: (path) => files[path],
    ...workspace,
  });
}

/** The options of the only target that an image of a Tiltfile has. */
export function optionsOf(
  statement: string,
  files: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  const { targets } = planOf({ ...files, Tiltfile: statement });
  return targets[0]?.config.options ?? {};
}
