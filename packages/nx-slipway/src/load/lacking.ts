import type { ClusterNode } from '../cluster';
import {
  canonicalName,
  matchesPlatform,
  referenceIn,
  type ImageReference,
  type Platform,
} from '../image';

/** An image to be brought to the nodes. */
export interface LoadImage {
  /** As the cluster has it; its tag is of its content. */
  readonly ref: ImageReference;
  readonly platform: Platform;
}

/**
 * The names of the nodes that an image must be brought to: those that can run
 * it, and do not list it. A node that is not ready runs nothing, and a load
 * into one that is stopped fails. If none is ready, the cluster has just
 * started: its nodes will be, and would then not have the image.
 * @param isKnown whether this process has seen it on a node of that name
 */
export function nodesLacking(
  { ref, platform }: LoadImage,
  nodes: readonly ClusterNode[],
  isKnown: (node: string) => boolean,
): string[] {
  const able = nodes.filter((node) => canRun(node, platform));
  const ready = able.filter(isReady);
  return (ready.length > 0 ? ready : able)
    .filter((node) => !has(node, ref))
    .map(nameOf)
    .filter((name) => !isKnown(name));
}

export function nameOf({ metadata }: ClusterNode): string {
  return metadata?.name ?? '';
}

export function isReady({ status }: ClusterNode): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready === undefined || ready.status === 'True';
}

function canRun({ status }: ClusterNode, platform: Platform): boolean {
  const { operatingSystem: os, architecture } = status?.nodeInfo ?? {};
  if (!os || !architecture) return true;
  return matchesPlatform(platform, { os, architecture });
}

/** Runtimes write the name in full or as Docker does. */
function has({ status }: ClusterNode, ref: ImageReference): boolean {
  const names = (status?.images ?? []).flatMap((image) => image.names ?? []);
  return names.some((name) => {
    // A name is parsed only where it may be it: a node lists hundreds.
    if (!name.endsWith(`:${ref.tag}`)) return false;
    const other = referenceIn(name);
    return other !== undefined && canonicalName(other) === canonicalName(ref);
  });
}
