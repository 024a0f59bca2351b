import { realClock } from '../../../build';
import { openExec, type Cluster } from '../../../cluster';
import type { DepSelection } from '../../../inputs';
import {
  Archives,
  annotatePod,
  assertTaken,
  openFleet,
  openHelper,
  openLink,
  openNotes,
  readPod,
  type ContainerPlace,
  type Notes,
} from '../../../live-update';
import type { LiveParts, ServedLive } from '../../../serve';
import { hashedName, liveUpdatePath } from '../../../state';
import { liveUpdateOption } from '../../custom-build/live-update';
import type { Owner } from '../../custom-build/owners';
import { workspaceOf } from '../../workspace';
import { fedOf } from './fed';

/** Of all images of a serve. */
export interface LiveTools {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  /** Of this machine. */
  readonly machine: string;
  /** What is remembered of the containers of an image, by its file. */
  readonly notes: Map<string, Promise<Notes>>;
  /** That was asked for: Nx hands it on from task to task. */
  readonly configuration?: string;
  /** Whether containers are given anything. */
  readonly isOn: boolean;
}

interface LiveOf {
  /** Tells the image from all others. */
  readonly key: string;
  /** Of the image, and of all that it is built on. */
  readonly deps: readonly DepSelection[];
}

/**
 * What the containers of an image are given while they run.
 * @returns undefined without the option `liveUpdate`
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export async function liveOf(
  { options, context }: Owner,
  { key, deps }: LiveOf,
  tools: LiveTools,
): Promise<ServedLive | undefined> {
  const workspace = workspaceOf(context);
  const liveUpdate = liveUpdateOption(options, workspace);
  if (!liveUpdate || !tools.isOn) return undefined;
  assertTaken(liveUpdate, deps);
  const { cluster, machine } = tools;
  const {
    root,
    options: { helperImage },
  } = workspace;
  const file = liveUpdatePath(root, key, cluster.context, cluster.server);
  const opened = tools.notes.get(file) ?? openNotes(file);
  tools.notes.set(file, opened);
  const notes = await opened;
  const fed = fedOf(liveUpdate, context, tools.configuration);
  const writer = hashedName(machine, root);
  return {
    liveUpdate,
    ...(fed && { fed }),
    notes,
    open: (parts) =>
      fleetOf(parts, { ...tools, notes, writer, root, helperImage }),
  };
}

interface FleetTools extends Pick<LiveTools, 'cluster' | 'signal'> {
  readonly notes: Notes;
  readonly writer: string;
  readonly root: string;
  /** Of what helps containers without a shell; none: nothing does. */
  readonly helperImage?: string;
}

function fleetOf(
  { reporter, onOutput, onLater, onStranger }: LiveParts,
  { cluster, signal, notes, writer, root, helperImage: image }: FleetTools,
) {
  const archives = new Archives(root);
  const openLinkTo = (place: ContainerPlace) =>
    openLink({
      place,
      root,
      archives,
      onOutput,
      signal,
      exec: (command, options) =>
        openExec(cluster, { ...place, command, ...options }),
      now: () => realClock.now(),
      ...(image !== undefined && {
        helper: (user) => openHelper({ cluster, place, image, signal }, user),
      }),
    });
  return openFleet({
    openLink: openLinkTo,
    readPod: (place) => readPod(cluster, place),
    annotate: (pod, value) => annotatePod(cluster, pod, value),
    ...{ writer, onLater, onStranger, notes, signal },
    clock: realClock,
    say: reporter,
  });
}
