import { randomBytes } from 'node:crypto';
import {
  canonicalName,
  familiarName,
  mapToRegistry,
  registryOf,
  tagUnder,
  type DeployRef,
  type ImageReference,
  type Registry,
} from '../image';

/** Where the command must put its image, and what it becomes afterwards. */
export interface ExpectedRef {
  /** The mapped name on both sides, without a tag. */
  readonly name: DeployRef;
  /** The transient ref of this run, on this machine's side. */
  readonly ref: ImageReference & { readonly tag: string };
}

/**
 * A transient ref of 64 random bits, so that no two builds can meet
 * (design 2.2). It is taken away again after the retag.
 */
export function expectedRef(
  imageName: ImageReference,
  registry: Registry | undefined,
  tagPrefix: string,
): ExpectedRef {
  const name = mapToRegistry(imageName, registry);
  const nonce = randomBytes(8).toString('hex');
  const tag = tagUnder(imageName, registry, `${tagPrefix}-build-${nonce}`);
  return { name, ref: { ...name.local, tag } };
}

/**
 * The variables that tell a command where its image goes (design 2.2):
 * EXPECTED_REF is always `[EXPECTED_REGISTRY/]EXPECTED_IMAGE:EXPECTED_TAG`.
 */
export function contractVariables(
  { ref }: ExpectedRef,
  registry: Registry | undefined,
): Record<string, string> {
  const host = registry?.host ?? registryOf(ref);
  // In full where a registry is in force: it may be one of Docker Hub.
  const name = registry ? canonicalName(ref) : familiarName(ref);
  const variables: Record<string, string> = {
    EXPECTED_REF: `${name}:${ref.tag}`,
    EXPECTED_IMAGE: host ? name.slice(host.length + 1) : name,
    EXPECTED_TAG: ref.tag,
  };
  if (host) variables.EXPECTED_REGISTRY = host;
  if (registry) variables.REGISTRY_HOST = registry.host;
  return variables;
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
