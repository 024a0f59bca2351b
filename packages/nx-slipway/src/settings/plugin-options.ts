import {
  canonicalName,
  isTag,
  referenceIn,
  type Naming,
  type Pin,
  type Registry,
} from '../image';
import { SlipwayError } from '../report';
import { assertKnownOptions } from './known-options';

/** A registry as users write it; a string is the host alone. */
export type RegistryOption =
  | string
  | {
      host: string;
      hostFromCluster?: string;
      singleName?: string;
      naming?: Naming;
      /** HTTP, or TLS that nobody vouches for, is all right there. */
      insecure?: boolean;
      /** PEM certificates to trust there; relative to the workspace root. */
      caFile?: string;
    };

/** The `options` of the plugin's entry in nx.json. */
export interface PluginOptions {
  registry?: RegistryOption;
  /** In front of content tags; `nx` unless set. */
  tagPrefix?: string;
  /** What a deploy ref in a registry holds; `both` unless set. */
  pin?: Pin;
  /** Contexts that may be talked to beside those of local clusters. */
  allowContexts?: string[];
}

const PINS: readonly Pin[] = ['tag', 'digest', 'both'];
/** The names of `RegistryOption`. */
export const REGISTRY_OPTIONS: readonly string[] = [
  'host',
  'hostFromCluster',
  'singleName',
  'naming',
  'insecure',
  'caFile',
];
const DEFAULT_TAG_PREFIX = 'nx';
/** Of transient tags. */
const LONGEST_TAG_END = '-build-0123456789abcdef';

/** What holds for the whole workspace, parsed. */
export interface WorkspaceOptions {
  readonly registry?: Registry;
  readonly tagPrefix: string;
  readonly pin: Pin;
  readonly allowContexts: readonly string[];
}

/** nx.json, as far as it is read here. */
export interface NxJson {
  readonly plugins?: readonly (
    string | { readonly plugin: string; readonly options?: unknown }
  )[];
}

/** @throws SLIPWAY_E_OPTION_INVALID naming the entry of nx.json */
export function workspaceOptions(nxJson: NxJson): WorkspaceOptions {
  const entry = nxJson.plugins?.find(
    (plugin) => typeof plugin !== 'string' && plugin.plugin === 'nx-slipway',
  );
  const options =
    entry && typeof entry !== 'string'
      ? ((entry.options ?? {}) as PluginOptions)
      : {};
  assertKnownOptions(
    Object.keys(options),
    ['registry', 'tagPrefix', 'pin', 'allowContexts'],
    'nx-slipway in nx.json',
  );
  const tagPrefix = options.tagPrefix ?? DEFAULT_TAG_PREFIX;
  if (!isTag(`${tagPrefix}${LONGEST_TAG_END}`)) {
    throw invalid(
      `tagPrefix in nx.json is "${tagPrefix}"`,
      'It must be what a tag may begin with, and leave room for the rest.',
    );
  }
  const { pin = 'both', allowContexts = [] } = options;
  if (!PINS.includes(pin)) {
    throw invalid(
      `pin in nx.json is "${String(pin)}"`,
      `It is ${PINS.join(', ')}.`,
    );
  }
  if (!isListOfNames(allowContexts)) {
    throw invalid(
      'allowContexts in nx.json is no list of context names',
      'For example ["dev-eu"]; kubectl config get-contexts lists the names.',
    );
  }
  return {
    registry: parseRegistry(options.registry, 'registry in nx.json'),
    tagPrefix,
    pin,
    allowContexts,
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
  assertKnownOptions(Object.keys(given), REGISTRY_OPTIONS, where);
  const { host, hostFromCluster = host, singleName = '' } = given;
  for (const side of [host, hostFromCluster]) assertHost(side, where);
  if (singleName !== '' && !isRepository(host, singleName)) {
    throw invalid(
      `singleName of ${where} is "${singleName}", which is no repository`,
      'Write it as path[/path], in lower case and without a tag.',
    );
  }
  const naming = given.naming ?? 'escape';
  if (naming !== 'escape' && naming !== 'preserve') {
    throw invalid(
      `naming of ${where} is "${String(naming)}"`,
      'It is escape or preserve.',
    );
  }
  const { insecure = false, caFile = '' } = given;
  if (typeof insecure !== 'boolean' || typeof caFile !== 'string') {
    throw invalid(
      `insecure or caFile of ${where} has the wrong type`,
      'insecure is true or false, caFile a path.',
    );
  }
  return { host, hostFromCluster, singleName, naming, insecure, caFile };
}

function isListOfNames(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.every((name) => typeof name === 'string' && name !== '')
  );
}

function assertHost(host: unknown, where: string): void {
  const hint =
    'Write it as host[:port][/path], for example localhost:5000, without http://.';
  if (typeof host !== 'string' || host === '') {
    throw invalid(`${where} has no host`, hint);
  }
  // Only what Docker reads as a host is one: it has a dot, a port, or is localhost.
  // A name can be in order whose port or address is none: localhost:99999.
  if (isRepository(host, 'name') && URL.canParse(`https://${host}`)) return;
  throw invalid(`${where} is "${host}", which is no registry host`, hint);
}

/** Whether `host/path` is a name in full, as it stands. */
function isRepository(host: string, path: string): boolean {
  const parsed = referenceIn(`${host}/${path}`);
  return parsed !== undefined && canonicalName(parsed) === `${host}/${path}`;
}

function invalid(what: string, hint: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `${what}.`,
    hint,
  });
}
