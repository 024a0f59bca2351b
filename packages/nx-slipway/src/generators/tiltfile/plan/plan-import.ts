import { fateOf } from '../others';
import { FILE_SYNC_ONLY, isImage, madeBy, optionsOf } from '../images';
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
import { planServe } from './plan-serve';
import { planSets } from './plan-sets';
import type { Ledger, Place, Plan, PlannedOption, Workspace } from './types';

const HELM_RESOURCE = 'ext://helm_resource:helm_resource';
const FILE_SYNC = 'ext://file_sync_only:file_sync_only';
/** What stands in a project of no other. */
const NOWHERE = '\0';
const BY_HAND =
  'If it is wanted, take it out of there and import again, or write by hand what it comes to.';

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
    if (call.within.length > 0) unsure(call, ledger);
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
    call.name in PLUGIN_CALLS ||
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

function unsure(call: Call, ledger: Ledger): void {
  const fate = isTaken(call) ? undefined : fateOf(call);
  // A message of Tilt's is one wherever it stands.
  if (fate?.isNeedless) {
    ledger.fate(call, fate);
    return;
  }
  const last = call.within.at(-1);
  if (!last) return;
  const { kind, place, text } = last;
  ledger.problem(
    call,
    `it stands in line ${place.line}, \`${text}\`: whether and how often it is made is known only when the Tiltfile runs`,
  );
  const made = madeBy(call);
  if (made && isImage(made) && made.problems.length === 0 && kind === 'if') {
    const options = optionsOf(made, NOWHERE);
    const target = { executor: 'nx-slipway:custom-build', options };
    ledger.todo(
      call,
      `If it is wanted, write it into the targets of its project: \`${JSON.stringify({ 'custom-build': target })}\`.`,
    );
    return;
  }
  ledger.todo(call, fate?.todo ?? BY_HAND);
}

function homeless(call: Call, ledger: Ledger): void {
  ledger.problem(
    call,
    'it is made of the whole workspace, and no project is there to have it',
  );
  ledger.todo(call, 'Name one by --project.');
}

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

function planPlugin(calls: readonly Call[], ledger: Ledger): PlannedOption[] {
  return calls.flatMap((call) => {
    const found = PLUGIN_CALLS[call.name]?.(call);
    if (!found) return [];
    const { options, notes, problems } = found;
    ledger.note(call, ...notes);
    ledger.problem(call, ...problems);
    if (problems.length > 0) ledger.todo(call, PLUGIN_TODO);
    if (Object.values(options).flat().length === 0) return [];
    ledger.moved(call, 'nx.json');
    return [{ options, call }];
  });
}

const PLUGIN_TODO =
  'Write it into the options of nx-slipway in nx.json by hand.';

function onlyPlace(places: readonly Place[]): Place | undefined {
  const [first, ...others] = places;
  return others.every(({ name }) => name === first?.name) ? first : undefined;
}
