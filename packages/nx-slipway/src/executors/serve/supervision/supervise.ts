import { applyChanges, type Change } from '../../../locate';
import {
  literally,
  ownCommand,
  supervised,
  type ProcessConfig,
} from '../../../live-update';
import { podPlaces, type ManifestObject } from '../../../manifest';
import { SlipwayError } from '../../../report';

/** An image whose process is started again. */
export interface Supervised {
  /** As it stands in the objects. */
  readonly ref: string;
  readonly config: ProcessConfig;
}

type Place = ReturnType<typeof podPlaces>['containers'][number];

/**
 * Objects whose containers of these images can have their process start again.
 * Probes and hooks are what they were.
 * @throws SLIPWAY_E_OPTION_INVALID where nothing says what a container runs
 */
export function supervise(
  objects: readonly ManifestObject[],
  images: readonly Supervised[],
): ManifestObject[] {
  const configs = new Map(images.map(({ ref, config }) => [ref, config]));
  return objects.map((of) => {
    const changes = podPlaces(of.object).containers.flatMap((place) => {
      const config = configs.get(place.container.image);
      return config ? changesOf(place, config, of) : [];
    });
    return { ...of, object: applyChanges(of.object, changes) };
  });
}

function changesOf(
  place: Place,
  config: ProcessConfig,
  of: ManifestObject,
): Change[] {
  const { path, container } = place;
  const { command, args, ...rest } = container;
  // What it then says of them, the API server says better.
  if (!isKept(place) || !isTexts(command) || !isTexts(args)) return [];
  const own = ownCommand({ command, args }, config);
  if (own.length === 0) throw nothingToRun(place, of);
  const around = literally(supervised([]));
  return [{ path, value: { ...rest, command: [...around, ...own] } }];
}

/** Whether it runs on: of init containers, those that are sidecars. */
function isKept({ path, container }: Place): boolean {
  const list = path.at(-2);
  if (list === 'containers') return true;
  return list === 'initContainers' && container.restartPolicy === 'Always';
}

function isTexts(
  value: unknown,
): value is readonly string[] | null | undefined {
  if (value === undefined || value === null) return true;
  return (
    Array.isArray(value) && value.every((each) => typeof each === 'string')
  );
}

function nothingToRun(
  { container }: Place,
  { origin, line, object: { kind, metadata } }: ManifestObject,
): SlipwayError {
  const name = typeof container.name === 'string' ? container.name : '';
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `the container ${name} of ${kind}/${metadata.name} (${origin}:${line}) is to have its process start again, by restart in liveUpdate, and nothing known here says what it runs: it has no command, and neither has its image ${container.image}, as far as that can be seen.`,
    hint: 'Give the container a command, or the custom-build target an entrypoint.',
  });
}
