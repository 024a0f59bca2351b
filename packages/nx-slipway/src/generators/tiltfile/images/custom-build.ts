import type { Call } from '../read';
import {
  asCommand,
  asFlag,
  asPathIn,
  asPathsIn,
  asText,
  asTextList,
  asTexts,
  asTextsByName,
  given,
  type Given,
} from '../values';
import { liveUpdate } from './live-update';
import type { Image, Made } from './types';

/** Those after `live_update` are the same for all builders. */
export const PARAMETERS = [
  'ref',
  'command',
  'deps',
  'tag',
  'disable_push',
  'skips_local_docker',
  'live_update',
  'match_in_env_vars',
  'ignore',
  'entrypoint',
  'container_args',
  'command_bat_val',
  'outputs_image_ref_to',
  'command_bat',
  'image_deps',
  'env',
  'dir',
];

/** Of restart_process: what another way of doing it needs no more, or notes say. */
export const TOLD = ['base_suffix', 'restart_file', 'trigger', 'exit_policy'];

/** `custom_build(...)`: each parameter has an option of its own. */
export function customBuild(call: Call, parameters = PARAMETERS): Made {
  const taken = given(call, parameters);
  const ref = taken.take('ref', asText);
  const command = taken.take('command', asCommand);
  if (!ref || !command || command.length === 0) return unmade(call, taken);
  const deps = taken.take('deps', asPathsIn(call.dir));
  return customImage(call, taken, { ref, command, deps: deps ?? [] });
}

export interface Essentials {
  readonly ref: string;
  readonly command: string | string[];
  readonly deps: readonly string[];
}

/** What `custom_build` makes of its other parameters, for those built on it. */
export function customImage(
  call: Call,
  taken: Given,
  { ref, command, deps }: Essentials,
  more: Readonly<Record<string, unknown>> = {},
): Image {
  const shared = sharedOptions(taken);
  const { dir } = call;
  const commandBat =
    taken.take('command_bat', asCommand) ??
    taken.take('command_bat_val', asCommand);
  const options = {
    command,
    ...(commandBat && commandBat.length > 0 && { commandBat }),
    ...entry('env', taken.take('env', asTextsByName)),
    ...entry('tag', taken.take('tag', asText)),
    ...entry('skipsLocalDocker', taken.take('skips_local_docker', asFlag)),
    ...entry('disablePush', taken.take('disable_push', asFlag)),
    ...shared.options,
    ...more,
  };
  const outputs = taken.take('outputs_image_ref_to', asPathIn(dir));
  const runsIn = taken.take('dir', asPathIn(dir));
  const imageDeps = taken.take('image_deps', asTextList) ?? [];
  return {
    call,
    ref,
    options,
    deps,
    ignore: shared.ignore,
    dir: runsIn ?? dir,
    ...(outputs !== undefined && { outputsImageRefTo: outputs }),
    liveUpdate: shared.liveUpdate,
    imageDeps,
    homes: deps,
    notes:
      deps.length > 0
        ? []
        : ['Tilt watched no file of it; here those of its project are'],
    problems: [...taken.finish(TOLD), ...shared.problems],
  };
}

/** What all builders take. */
export function sharedOptions(taken: Given) {
  const live = liveUpdate(taken.value('live_update'));
  const entrypoint = taken.take('entrypoint', asCommand);
  const containerArgs = taken.take('container_args', asTextList);
  return {
    options: {
      ...entry('matchInEnvVars', taken.take('match_in_env_vars', asFlag)),
      ...(entrypoint && entrypoint.length > 0 && { entrypoint }),
      // An empty list is not the default: it takes those of the manifest away.
      ...(containerArgs && { containerArgs }),
    },
    ignore: taken.take('ignore', asTexts) ?? [],
    liveUpdate: live.steps,
    problems: live.problems,
  };
}

export const unmade = (call: Call, { problems }: Given): Made => ({
  call,
  problems: problems.length > 0 ? problems : ['what it builds is not named'],
});

/** Left out where it says what holds without it. */
export function entry<T>(name: string, value: T | undefined) {
  const isDefault =
    value === undefined ||
    (value as unknown) === false ||
    (value as unknown) === '' ||
    (typeof value === 'object' && Object.keys(value as object).length === 0);
  return isDefault ? {} : { [name]: value };
}
