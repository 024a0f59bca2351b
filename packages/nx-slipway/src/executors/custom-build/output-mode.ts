import { basename, isAbsolute, relative } from 'node:path';
import type { BuildPlan, RefSource, Store } from '../../build';
import {
  familiarName,
  isTag,
  referenceIn,
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
    const path = ownFile('outputsImageRefTo', outputsImageRefTo, workspace);
    return { kind: 'file', path };
  }
  return tag === undefined ? { kind: 'expected' } : tagSource(tag);
}

/** Deleting or overwriting one of these would take a project away. */
const CONFIGURATION = ['nx.json', 'package.json', 'project.json'];

/**
 * The path of a file that is ours to delete and write.
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export function ownFile(
  option: 'outputsImageRefTo' | 'recordFile',
  value: string,
  workspace: Workspace,
): string {
  const path = workspace.path(option, value);
  const inside = relative(workspace.root, path);
  const isInside =
    inside !== '' && !inside.startsWith('..') && !isAbsolute(inside);
  if (isInside && !CONFIGURATION.includes(basename(path))) return path;
  const what = isInside ? "Nx's own" : 'not a file in the workspace';
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `${option} is "${value}", which is ${what}.`,
    hint: "It is relative to the project root unless it starts with {workspaceRoot}/. What stands there is deleted or replaced, so it must be a file of this target's own.",
  });
}

/** A bare tag, or a full ref as Tilt's guide has it. */
function tagSource(text: string): RefSource {
  if (isTag(text)) return { kind: 'tag', tag: text };
  const ref = referenceIn(text);
  if (ref?.tag !== undefined && ref.digest === undefined) {
    const { domain, path, tag } = ref;
    return { kind: 'ref', ref: { domain, path, tag } };
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
  if (plan.registry) return;
  if (options.push === 'always') {
    assertRegistryIn(plan.imageName, options, {
      who: 'push "always" the image is pushed',
    });
  } else if (pushes && plan.store !== 'cluster') {
    assertPushedSomewhere(options, plan);
  }
}

/** Where the command pushes, there must be a registry to find its image in. */
function assertPushedSomewhere(
  options: CustomBuildExecutorSchema,
  { store, source, imageName }: Output & { imageName: ImageReference },
): void {
  if (source.kind === 'file') return;
  const flag = store === 'registry' ? 'skipsLocalDocker' : 'disablePush';
  assertRegistryIn(source.kind === 'ref' ? source.ref : imageName, options, {
    who: `${flag} the command pushes its image`,
    or:
      store === 'registry'
        ? undefined
        : 'To leave the image in Docker, set push to "never" in place of disablePush.',
  });
}

/** @param told who pushes, after "with", and another way out */
function assertRegistryIn(
  name: ImageReference,
  { ref }: CustomBuildExecutorSchema,
  { who, or }: { readonly who: string; readonly or?: string },
): void {
  // `acme/frontend` may be a repository of Docker Hub; `frontend` is nobody's.
  if (registryOf(name) || !name.path.startsWith('library/')) return;
  const hint = `Set registry here or in nx.json, or a context whose cluster announces one, or write the registry into ref (now "${ref}").`;
  throw conflict(
    `with ${who} to a registry, but "${familiarName(name)}" names none and none is set`,
    or === undefined ? hint : `${hint} ${or}`,
  );
}

function conflict(what: string, hint: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_CONFLICT',
    message: `${what}.`,
    hint,
  });
}
