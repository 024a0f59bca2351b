import { posix } from 'node:path';
import type { Call, Value } from '../read';
import { asPathIn, asText, asTexts, given } from '../values';
import { asForwards } from './forwards';
import { helmSet } from './helm-set';
import type { Sources } from './types';

const PARAMETERS = [
  ...['name', 'chart', 'deps', 'release_name', 'namespace', 'image_deps'],
  ...['image_keys', 'flags', 'uninstall_flags', 'image_selector'],
  ...['container_selector', 'live_update', 'resource_deps', 'labels'],
  ...['port_forwards', 'auto_init', 'pod_readiness', 'update_dependencies'],
  ...['build_dependencies', 'links'],
];
/** What has no meaning where a chart is rendered and its objects are watched. */
const SILENT = ['deps', 'uninstall_flags', 'labels', 'links', 'pod_readiness'];

/**
 * `helm_resource(...)` of a chart in the workspace. Its images are told to the
 * chart by their names, which are then found in what it renders.
 */
export function helmResource(
  call: Call,
  isFolder: (path: string) => boolean,
): Sources {
  const taken = given(call, PARAMETERS);
  const name = taken.take('name', asText);
  const chart = taken.take('chart', asPathIn(call.dir));
  const release = taken.take('release_name', asText) ?? name;
  const namespace = taken.take('namespace', asText);
  const images = taken.take('image_deps', asTexts) ?? [];
  const keys = taken.value('image_keys');
  const flags = flagsOf(taken.take('flags', asTexts) ?? []);
  const forwards = taken.take('port_forwards', asForwards) ?? [];
  const resourceDeps = taken.take('resource_deps', asTexts) ?? [];
  const problems = taken.finish(SILENT);
  const base = { call, notes: [], sources: [] };
  if (!name || !release || chart === undefined || !isFolder(chart)) {
    return {
      ...base,
      problems: [
        ...problems,
        `its chart ${taken.value('chart')?.text ?? ''} is no folder of this workspace`,
      ],
    };
  }
  const set = { ...flags.set, ...imageValues(images, keys, problems) };
  if (flags.unknown.length > 0) {
    problems.push(`flags: ${flags.unknown.join(' ')} has no counterpart here`);
  }
  const files = flags.values.map((file) => posix.join(call.dir, file));
  const resource = {
    call,
    workload: release,
    forwards,
    resourceDeps,
    isManual: false,
    notes: [],
    problems: [],
  };
  return {
    call,
    sources: [{ helm: { chart, release, values: files, set } }],
    ...(namespace && { namespace }),
    images,
    notes: [],
    problems,
    resource,
  };
}

/** The parts of a ref by the keys that the chart has for them. */
function imageValues(
  images: readonly string[],
  keys: Value | undefined,
  problems: string[],
): Record<string, string> {
  const set: Record<string, string> = {};
  const all = keys?.kind === 'list' ? keys.items : [];
  images.forEach((image, at) => {
    const key = all[at];
    const read = key && asTexts(key);
    if (!read || 'why' in read || read.value.length > 2) {
      problems.push(
        `image_keys of ${image}: name the image in \`set\` of the source by hand`,
      );
      return;
    }
    const [repository = '', tag] = read.value;
    set[repository] = image;
    // The name decides; a chart that joins both needs some tag.
    if (tag) set[tag] = 'latest';
  });
  return set;
}

function flagsOf(flags: readonly string[]) {
  const values: string[] = [];
  const sets: string[] = [];
  const unknown: string[] = [];
  for (const flag of pairs(flags)) {
    const [, name = '', value = ''] =
      /^(--?[a-z-]+)[= ](.*)$/s.exec(flag) ?? [];
    if (name === '--values' || name === '-f') values.push(value);
    else if (name === '--set' && helmSet([value])) sets.push(value);
    else unknown.push(flag);
  }
  return { values, unknown, set: helmSet(sets) ?? {} };
}

/** `--set a=b` and `--set=a=b` alike, as one text. */
function pairs(flags: readonly string[]): string[] {
  const joined: string[] = [];
  for (const flag of flags) {
    const last = joined.at(-1);
    if (
      !flag.startsWith('-') &&
      last !== undefined &&
      /^--?[a-z-]+$/.test(last)
    ) {
      joined[joined.length - 1] = `${last} ${flag}`;
    } else joined.push(flag);
  }
  return joined;
}
