import { randomBytes } from 'node:crypto';
import {
  buildTag,
  canonicalName,
  contentTag,
  familiarName,
  isUnder,
  mapToRegistry,
  registryOf,
  tagUnder,
  type BuildTagParts,
  type ImageReference,
  type Registry,
} from '../image';
import type { BuildPlan, TaggedReference } from './plan';

/** Which machine builds, in which workspace: no two share a build tag. */
export type BuildPlace = Omit<BuildTagParts, 'name'>;

/**
 * Where the command is to put its image (design 2.2, 2.3), as this machine
 * sees it. docs/modes.md has it as a table.
 * @param hash the input hash
 * @returns undefined with `outputsImageRefTo`, where the command decides
 */
export function expectedRef(
  plan: BuildPlan,
  place: BuildPlace,
  hash: string,
): TaggedReference | undefined {
  const { source, imageName, registry } = plan;
  if (source.kind === 'file') return undefined;
  if (source.kind === 'ref') return source.ref;
  const mapped = mapToRegistry(imageName, registry).local;
  if (source.kind === 'tag') {
    return plan.store === 'registry'
      ? { ...mapped, tag: tagUnder(imageName, registry, source.tag) }
      : // As Tilt has it: the builder's own name, with no registry in it.
        { ...imageName, tag: source.tag };
  }
  if (plan.store === 'cluster') {
    // Nobody can retag it there, so it gets the tag that it is deployed by.
    return { ...imageName, tag: contentTag(hash, plan.tagPrefix) };
  }
  const tag = transientTag(plan, place);
  return { ...mapped, tag: tagUnder(imageName, registry, tag) };
}

/** Whether the tag is ours to take away again, in Docker. */
export function isTransient({ source, store }: BuildPlan): boolean {
  return source.kind === 'expected' && store !== 'cluster';
}

/**
 * In Docker 64 random bits, so that no two builds can meet. A registry cannot
 * delete a tag alone, so there it is one tag, used again under the image's
 * lock.
 */
function transientTag(plan: BuildPlan, place: BuildPlace): string {
  if (plan.store === 'docker') {
    return `${plan.tagPrefix}-build-${randomBytes(8).toString('hex')}`;
  }
  const name = canonicalName(plan.imageName);
  return buildTag(plan.tagPrefix, { ...place, name });
}

/**
 * The variables that tell a command where its image goes (design 2.2):
 * EXPECTED_REF is always `[EXPECTED_REGISTRY/]EXPECTED_IMAGE:EXPECTED_TAG`.
 */
export function contractVariables(
  expected: TaggedReference | undefined,
  { registry, source }: Pick<BuildPlan, 'registry' | 'source'>,
): Record<string, string> {
  const variables: Record<string, string> = {};
  if (registry) variables.REGISTRY_HOST = registry.host;
  if (source.kind === 'file') variables.SLIPWAY_OUTPUT_REF_FILE = source.path;
  if (!expected) return variables;
  const isMapped = registry !== undefined && isUnder(expected, registry);
  // In full where a registry is in force: it may be one of Docker Hub.
  const name = isMapped ? canonicalName(expected) : familiarName(expected);
  const host = isMapped ? registry.host : ownHost(expected, registry, source);
  variables.EXPECTED_REF = `${name}:${expected.tag}`;
  variables.EXPECTED_IMAGE = host ? name.slice(host.length + 1) : name;
  variables.EXPECTED_TAG = expected.tag;
  if (host) variables.EXPECTED_REGISTRY = host;
  return variables;
}

/** With a bare `tag` and a registry that is not in the name: none, as in Tilt. */
function ownHost(
  expected: ImageReference,
  registry: Registry | undefined,
  source: BuildPlan['source'],
): string | undefined {
  return registry && source.kind === 'tag' ? undefined : registryOf(expected);
}

/** Expands `$NAME` and `${NAME}` of the contract variables, nothing else. */
export function expandVariables(
  text: string,
  variables: Readonly<Record<string, string>>,
): string {
  return text.replace(
    // A whole name, as a shell takes it: $EXPECTED_REFx is another variable.
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced: string | undefined, bare: string | undefined) => {
      const name = braced ?? bare ?? '';
      return Object.hasOwn(variables, name) ? (variables[name] ?? '') : whole;
    },
  );
}
