import { createHash } from 'node:crypto';
import type { CreateNodesContextV2 } from '@nx/devkit';
import { version } from '../../package.json';
import { recordLooks } from '../disk';
import type * as Infer from './infer';
import { keep, stillKept } from './kept-results';
import { nxVersion } from './nx-internals';

/**
 * No manifest is among them, though the graph is made of those too: of a file
 * that matches and is deleted, Nx takes every project for affected.
 */
const PROJECT_FILES =
  '{project.json,package.json,**/project.json,**/package.json}';

/**
 * Adds targets to projects (design 2.9). What is wrong with options and
 * manifests is no error here: the targets that need them tell, and no other
 * command is stopped by it.
 */
export const createNodes = [PROJECT_FILES, nodesOf] as const;

/**
 * Nx asks after every edit of any file, in a new process. So what was inferred
 * is kept with all that was seen on the disk for it, and inferred again once
 * any of that looks otherwise.
 */
function nodesOf(
  files: readonly string[],
  options: unknown,
  context: CreateNodesContextV2,
): Infer.Results {
  const key = keyOf(files, options, context);
  const kept = stillKept(key);
  if (kept) return kept;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it takes longer to load than what is kept takes to read
  const { infer } = require('./infer') as typeof Infer;
  const { value, looks } = recordLooks(() => infer(files, options, context));
  if (value.isWhole) keep(key, looks, value.results);
  return value.results;
}

/** All that the graph is made of and that is not seen on the disk. */
function keyOf(
  files: readonly string[],
  options: unknown,
  { workspaceRoot, nxJsonConfiguration }: CreateNodesContextV2,
): string {
  const { arch, platform, env } = process;
  const all = [
    [version, nxVersion(), arch, platform, env.NX_INFER_ALL_PACKAGE_JSONS],
    [workspaceRoot, files, options, nxJsonConfiguration],
  ];
  return createHash('sha1').update(JSON.stringify(all)).digest('base64');
}
