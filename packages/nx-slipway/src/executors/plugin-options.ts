import type { NxJsonConfiguration } from '@nx/devkit';
import { isTag, parseReference, type Naming, type Registry } from '../image';
import { SlipwayError } from '../report';

/** A registry as users write it; a string is the host alone. */
export type RegistryOption =
  | string
  | {
      host: string;
      hostFromCluster?: string;
      singleName?: string;
      naming?: Naming;
    };

/** The `options` of the plugin's entry in nx.json. */
export interface PluginOptions {
  registry?: RegistryOption;
  /** In front of content tags; `nx` unless set. */
  tagPrefix?: string;
}

const DEFAULT_TAG_PREFIX = 'nx';

/** What holds for the whole workspace, parsed. */
export interface WorkspaceOptions {
  readonly registry?: Registry;
  readonly tagPrefix: string;
}

/** @throws SLIPWAY_E_OPTION_INVALID naming the entry of nx.json */
export function workspaceOptions(
  nxJson: Pick<NxJsonConfiguration, 'plugins'>,
): WorkspaceOptions {
  const entry = nxJson.plugins?.find(
    (plugin) => typeof plugin !== 'string' && plugin.plugin === 'nx-slipway',
  );
  const options =
    entry && typeof entry !== 'string'
      ? ((entry.options ?? {}) as PluginOptions)
      : {};
  const tagPrefix = options.tagPrefix ?? DEFAULT_TAG_PREFIX;
  if (!isTag(`${tagPrefix}-0`)) {
    throw invalid(
      `tagPrefix in nx.json is "${tagPrefix}"`,
      'It must be what a tag may begin with.',
    );
  }
  return {
    registry: parseRegistry(options.registry, 'registry in nx.json'),
    tagPrefix,
  };
}

/**
 * @param where for the message: which option this is
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export function parseRegistry(
  option: RegistryOption | undefined,
  where: string,
): Registry | undefined {
  if (option === undefined || option === '') return undefined;
  const given = typeof option === 'string' ? { host: option } : option;
  const { host, hostFromCluster = host, singleName = '' } = given;
  for (const side of [host, hostFromCluster]) assertHost(side, where);
  const naming = given.naming ?? 'escape';
  if (naming !== 'escape' && naming !== 'preserve') {
    throw invalid(
      `naming of ${where} is "${String(naming)}"`,
      'It is escape or preserve.',
    );
  }
  return { host, hostFromCluster, singleName, naming };
}

function assertHost(host: unknown, where: string): void {
  const hint =
    'Write it as host[:port][/path], for example localhost:5000, without http://.';
  if (typeof host !== 'string' || host === '') {
    throw invalid(`${where} has no host`, hint);
  }
  try {
    // Only what Docker reads as a host is one: it has a dot, a port, or is localhost.
    const parsed = parseReference(`${host}/name`);
    if (`${parsed.domain}/${parsed.path}` === `${host}/name`) return;
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
  }
  throw invalid(`${where} is "${host}", which is no registry host`, hint);
}

function invalid(what: string, hint: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `${what}.`,
    hint,
  });
}
