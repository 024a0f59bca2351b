import type { KubeObject } from '../../manifest';
import { SlipwayError } from '../../report';
import type { SetId } from '../types';
import { applySetId, inventoryName } from './set-name';

/** Labels and annotations of KEP-3659, ApplySets. */
const APPLYSET = 'applyset.kubernetes.io';
export const PART_OF = `${APPLYSET}/part-of`;
const ID = `${APPLYSET}/id`;
const TOOLING = `${APPLYSET}/tooling`;
const GROUP_KINDS = `${APPLYSET}/contains-group-kinds`;
const NAMESPACES = `${APPLYSET}/additional-namespaces`;
/** Ours, so that people and other sets can tell whose it is. */
const OURS = 'nx-slipway.dev';
/** The version is that of the format. */
const TOOL = 'nx-slipway/v1';
const FINISHED = 'finished-jobs';

/** What a set has in the cluster, as its parent object keeps it. */
export interface Inventory {
  /** `Deployment.apps`, sorted. */
  readonly groupKinds: readonly string[];
  /** Beside the parent's own, sorted. */
  readonly namespaces: readonly string[];
  /**
   * Of Jobs that take themselves away: the hash of what was applied, by
   * `namespace/name`.
   */
  readonly finishedJobs: Readonly<Record<string, string>>;
}

export const EMPTY: Inventory = {
  groupKinds: [],
  namespaces: [],
  finishedJobs: {},
};

/** Where the inventory of a set stands, and what its members are labelled with. */
export interface InventoryPlace {
  readonly id: SetId;
  readonly name: string;
  readonly namespace: string;
  readonly setId: string;
}

export function inventoryPlace(id: SetId, namespace: string): InventoryPlace {
  const name = inventoryName(id);
  return { id, name, namespace, setId: applySetId(name, namespace) };
}

/** The parent object, as it is applied. */
export function parentOf(
  { id, name, namespace, setId }: InventoryPlace,
  { groupKinds, namespaces, finishedJobs }: Inventory,
): KubeObject {
  const others = namespaces.filter((each) => each !== namespace);
  const hasFinished = Object.keys(finishedJobs).length > 0;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace,
      labels: { [ID]: setId },
      annotations: {
        [TOOLING]: TOOL,
        [GROUP_KINDS]: sorted(groupKinds).join(','),
        [NAMESPACES]: sorted(others).join(','),
        [`${OURS}/workspace`]: id.workspaceId,
        [`${OURS}/project`]: id.project,
        ...(id.configuration !== '' && {
          [`${OURS}/configuration`]: id.configuration,
        }),
      },
    },
    ...(hasFinished && { data: { [FINISHED]: JSON.stringify(finishedJobs) } }),
  };
}

/** What a parent object tells; what it does not have is empty. */
export function inventoryIn(parent: KubeObject): Inventory {
  const { annotations = {} } = parent.metadata;
  const data = (parent.data ?? {}) as Readonly<Record<string, string>>;
  return {
    groupKinds: words(annotations[GROUP_KINDS]),
    namespaces: words(annotations[NAMESPACES]),
    finishedJobs: finishedIn(data[FINISHED]),
  };
}

/**
 * Why the parent object that stands in our place is not to be read, and so not
 * to be written either: it would lose what we do not know of.
 */
export function unreadable({ metadata }: KubeObject): SlipwayError | undefined {
  const tool = metadata.annotations?.[TOOLING] ?? '';
  if (tool === TOOL) return undefined;
  const { name, namespace } = metadata;
  const what = `the ConfigMap ${name} in ${namespace}, where the inventory of this set would be, is of`;
  const isNewer = tool.startsWith(`${TOOL.split('/')[0]}/`);
  return new SlipwayError({
    code: 'SLIPWAY_E_SET_CLAIMED',
    message: `${what} ${isNewer ? `a newer nx-slipway (${tool})` : 'another tool'}.`,
    hint: isNewer
      ? 'Deploy with the version of nx-slipway that the others have.'
      : 'Delete it if nobody needs it.',
  });
}

/** `project shop (production) of the workspace 1a2b, in prod`, for people. */
export function setInWords({ metadata }: KubeObject): string {
  const { annotations = {}, name, namespace } = metadata;
  const project = annotations[`${OURS}/project`];
  if (project === undefined) {
    const tool = annotations[TOOLING] ?? 'an unknown tool';
    return `the ApplySet ${name} in ${namespace} of ${tool}`;
  }
  const configuration = annotations[`${OURS}/configuration`];
  return `project ${project}${configuration ? ` (${configuration})` : ''} of the workspace ${annotations[`${OURS}/workspace`]}, in ${namespace}`;
}

export function merged(a: Inventory, b: Inventory): Inventory {
  return {
    groupKinds: sorted([...a.groupKinds, ...b.groupKinds]),
    namespaces: sorted([...a.namespaces, ...b.namespaces]),
    finishedJobs: { ...a.finishedJobs, ...b.finishedJobs },
  };
}

export function labelSelector(key: 'part-of' | 'id', setId: string): string {
  return `labelSelector=${encodeURIComponent(`${APPLYSET}/${key}=${setId}`)}`;
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

function words(text = ''): string[] {
  return text.split(',').filter((word) => word !== '');
}

/** Anybody may have edited it: what cannot be read is nothing. */
function finishedIn(text: string | undefined): Record<string, string> {
  try {
    const found: unknown = JSON.parse(text ?? '{}');
    return typeof found === 'object' && found !== null
      ? (found as Record<string, string>)
      : {};
  } catch {
    return {};
  }
}
