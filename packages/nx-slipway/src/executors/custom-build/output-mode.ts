import { isAbsolute, relative } from 'node:path';
import type { BuildPlan, RefSource, Store } from '../../build';
import {
  familiarName,
  isTag,
  parseReference,
  registryOf,
  type ImageReference,
  type Registry,
} from '../../image';
import { SlipwayError } from '../../report';
import type { Workspace } from '../workspace';
import type { CustomBuildExecutorSchema } from './schema';

type Output = Pick<BuildPlan, 'store' | 'source'>;

/** The output mode of design 2.3 that the options ask for. */
export function outputMode(
  options: CustomBuildExecutorSchema,
  workspace: Workspace,
): Output {
  return { store: storeOf(options), source: sourceOf(options, workspace) };
}

function storeOf({
  disablePush,
  skipsLocalDocker,
}: CustomBuildExecutorSchema): Store {
  if (disablePush) return skipsLocalDocker ? 'cluster' : 'docker-and-registry';
  return skipsLocalDocker ? 'registry' : 'docker';
}

function sourceOf(
  { tag, outputsImageRefTo }: CustomBuildExecutorSchema,
  workspace: Workspace,
): RefSource {
  if (outputsImageRefTo !== undefined) {
    const path = workspace.path('outputsImageRefTo', outputsImageRefTo);
    const inside = relative(workspace.root, path);
    if (inside !== '' && !inside.startsWith('..') && !isAbsolute(inside)) {
      return { kind: 'file', path };
    }
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: `outputsImageRefTo is "${outputsImageRefTo}", which is not a file in the workspace.`,
      hint: "It is relative to the project root unless it starts with {workspaceRoot}/. The file is deleted before the command runs, so it must be the workspace's own.",
    });
  }
  return tag === undefined ? { kind: 'expected' } : tagSource(tag);
}

/** A bare tag, or a full ref as Tilt's guide has it. */
function tagSource(text: string): RefSource {
  if (isTag(text)) return { kind: 'tag', tag: text };
  const { tag, digest, ...name } = parseReference(text);
  if (tag !== undefined && digest === undefined) {
    return { kind: 'ref', ref: { ...name, tag } };
  }
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `tag is "${text}", which is neither a tag nor a ref with a tag.`,
    hint: 'Write the tag that the command gives its image, "dev", or the whole ref, "gcr.io/acme/frontend:dev".',
  });
}

/**
 * Refuses what cannot be meant, before anything runs.
 * @throws SLIPWAY_E_OPTION_CONFLICT
 */
export function assertNoConflict(
  options: CustomBuildExecutorSchema,
  plan: Output & { imageName: ImageReference; registry?: Registry },
): void {
  if (options.tag !== undefined && options.outputsImageRefTo !== undefined) {
    throw conflict(
      'tag and outputsImageRefTo both say what the command calls its image',
      'Leave out tag if the command writes its ref to the file, else outputsImageRefTo.',
    );
  }
  const pushes = plan.store !== 'docker';
  if (pushes && options.push === 'always') {
    const flag = options.disablePush ? 'disablePush' : 'skipsLocalDocker';
    throw conflict(
      `push is "always", but with ${flag} the command pushes its image itself`,
      `Leave out push, or ${flag} if nx-slipway is to push.`,
    );
  }
  if (pushes && plan.store !== 'cluster') assertRegistryKnown(options, plan);
}

/** Where the command pushes, there must be a registry to find its image in. */
function assertRegistryKnown(
  { ref }: CustomBuildExecutorSchema,
  {
    store,
    source,
    imageName,
    registry,
  }: Parameters<typeof assertNoConflict>[1],
): void {
  if (registry || source.kind === 'file') return;
  const name = source.kind === 'ref' ? source.ref : imageName;
  // `acme/frontend` may be a repository of Docker Hub; `frontend` is nobody's.
  if (registryOf(name) || !name.path.startsWith('library/')) return;
  const flag = store === 'registry' ? 'skipsLocalDocker' : 'disablePush';
  throw conflict(
    `with ${flag} the command pushes its image to a registry, but "${familiarName(name)}" names none and none is set`,
    `Set registry here or in nx.json, or a context whose cluster announces one, or write the registry into ref (now "${ref}").` +
      (store === 'registry'
        ? ''
        : ' To leave the image in Docker, set push to "never" in place of disablePush.'),
  );
}

function conflict(what: string, hint: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_CONFLICT',
    message: `${what}.`,
    hint,
  });
}
