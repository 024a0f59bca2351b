import { fateOf } from '../others';
import { FILE_SYNC_ONLY, madeBy } from '../images';
import { PLUGIN_CALLS } from '../plugin-options';
import type { Call } from '../read';
import {
  helmResource,
  isManualMode,
  resourceOf,
  sourcesIn,
  sourcesOf,
  type Sources,
} from '../sets';
import { given } from '../values';
import { homesIn } from './homes';
import { ledgerOf } from './ledger';
import { planImage, planImages } from './plan-images';
import { planPlugin } from './plan-plugin';
import { planServe } from './plan-serve';
import { planSets } from './plan-sets';
import type { Ledger, Place, Plan, Workspace } from './types';
import { unsure } from './unsure';

const HELM_RESOURCE = 'ext://helm_resource:helm_resource';
const FILE_SYNC = 'ext://file_sync_only:file_sync_only';

/**
 * What a Tiltfile comes to in a workspace. Pure: what is there already is asked
 * of `workspace`.
 * @param tiltfileDir the folder of the Tiltfile
 * @param wanted the project that is to deploy, if one is asked for
 */
export function planImport(
  calls: readonly Call[],
  tiltfileDir: string,
  workspace: Workspace,
  wanted?: Place,
): Plan {
  const ledger = ledgerOf(calls);
  const homes = homesIn(workspace);
  const sure = calls.filter(({ within }) => within.length === 0);
  for (const call of calls) {
    if (call.within.length > 0) unsure(call, isTaken(call), ledger);
  }
  const images = planImages(sure, workspace, homes, ledger);
  const sources = planSources(sure, workspace, ledger);
  const sets = planSets(
    sources,
    wanted,
    tiltfileDir,
    workspace,
    homes,
    onlyPlace(images.targets.map(({ project }) => project)),
    ledger,
  );
  const { deploy } = workspace.targetNames;
  for (const { project, calls: of } of sets) {
    for (const call of of) ledger.moved(call, `${project.name}:${deploy}`);
  }
  const home = wanted ?? sets[0]?.project;
  for (const image of images.homeless) {
    if (home) planImage(image, home, workspace, ledger, images);
    else homeless(image.call, ledger);
  }
  const resources = [
    ...sure.filter(({ name }) => name === 'k8s_resource').map(resourceOf),
    ...sources.flatMap(({ resource }) => resource ?? []),
  ];
  const manual = sure.find(isManual);
  const wishes = {
    resources,
    locals: localsIn(calls),
    ...(manual && { manual }),
  };
  const served = planServe(sets, wishes, workspace, ledger);
  const plugin = planPlugin(sure, ledger);
  for (const call of sure) {
    if (!isTaken(call)) ledger.fate(call, fateOf(call));
  }
  return {
    targets: [...images.targets, ...served],
    files: images.files,
    plugin,
    ledger,
    ...(sets[0] && { served: sets[0].project.name }),
  };
}

/** Also those that only a run makes: they are no workload in any case. */
function localsIn(calls: readonly Call[]): string[] {
  return calls
    .filter(({ name }) => name === 'local_resource')
    .flatMap(({ args, named }) => {
      const name = args[0] ?? named.get('name');
      return name?.kind === 'string' ? [name.value] : [];
    });
}

/** Whether a call is none of those of which nothing is made. */
function isTaken(call: Call): boolean {
  return (
    call.name === 'k8s_yaml' ||
    call.name === 'k8s_resource' ||
    call.name === HELM_RESOURCE ||
    Object.hasOwn(PLUGIN_CALLS, call.name) ||
    madeBy(call) !== undefined ||
    isManual(call) ||
    isAuto(call)
  );
}

const isManual = ({ name, args, named }: Call): boolean =>
  name === 'trigger_mode' && isManualMode(args[0] ?? named.get('trigger_mode'));

const isAuto = ({ name, args, named }: Call): boolean =>
  name === 'trigger_mode' &&
  (args[0] ?? named.get('trigger_mode'))?.text === 'TRIGGER_MODE_AUTO';

function planSources(
  calls: readonly Call[],
  workspace: Workspace,
  ledger: Ledger,
): Sources[] {
  const isFolder = (path: string) =>
    workspace.exists(path) && !workspace.isFile(path);
  return calls.flatMap((call) => {
    const found = sourcesOfCall(call, isFolder);
    if (!found) return [];
    ledger.note(call, ...found.notes);
    ledger.problem(call, ...found.problems);
    if (found.problems.length > 0) ledger.todo(call, SOURCE_TODO);
    return found;
  });
}

const SOURCE_TODO =
  'Have it in files, or in what a command prints, and name that in `source` of `deploy`.';

function sourcesOfCall(
  call: Call,
  isFolder: (path: string) => boolean,
): Sources | undefined {
  if (call.name === 'k8s_yaml') return sourcesOf(call);
  if (call.name === HELM_RESOURCE) return helmResource(call, isFolder);
  if (call.name !== FILE_SYNC) return undefined;
  const manifests = given(call, FILE_SYNC_ONLY).value('manifests');
  return sourcesIn(call, manifests, []);
}

function onlyPlace(places: readonly Place[]): Place | undefined {
  const [first, ...others] = places;
  return others.every(({ name }) => name === first?.name) ? first : undefined;
}

function homeless(call: Call, ledger: Ledger): void {
  ledger.problem(
    call,
    'it is made of the whole workspace, and no project is there to have it',
  );
  ledger.todo(call, 'Name one by --project.');
}
