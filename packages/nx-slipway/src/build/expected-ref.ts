import { randomBytes } from 'node:crypto';
import {
  formatReference,
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
  const text = formatReference(ref);
  const host = registry?.host ?? registryOf(ref);
  const name = text.slice(0, -(ref.tag.length + 1));
  const variables: Record<string, string> = {
    EXPECTED_REF: text,
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
    /\$(?:\{([A-Z0-9_]+)\}|([A-Z0-9_]+))/g,
    (whole, braced: string | undefined, bare: string | undefined) =>
      variables[braced ?? bare ?? ''] ?? whole,
  );
}
