import { isTag, referenceIn, type Pin, type Registry } from '../image';
import {
  isObject,
  parseLocators,
  type Locator,
  type LocatorOption,
} from '../locate';
import { assertKnownOptions } from '../report';
import { invalid } from './invalid';
import { parseRegistry, type RegistryOption } from './registry-option';

/** The `options` of the plugin's entry in nx.json. */
export interface PluginOptions {
  registry?: RegistryOption;
  /** In front of content tags; `nx` unless set. */
  tagPrefix?: string;
  /** What a deploy ref in a registry holds; `both` unless set. */
  pin?: Pin;
  /** Contexts that may be talked to beside those of local clusters. */
  allowContexts?: string[];
  /** Where the manifests of a project are that has no `source`. Globs. */
  manifests?: string[];
  /** Where images stand in kinds of your own. */
  locators?: LocatorOption[];
  /**
   * Tells this workspace from others that deploy to the same cluster, on every
   * machine; `nx g nx-slipway:init` writes it.
   */
  workspaceId?: string;
  /**
   * An image with a shell, `busybox:1.36`, that is put beside containers without
   * one for live updates; none unless set.
   */
  helperImage?: string;
  /** What targets are called, where their own names are taken. */
  targetNames?: Partial<TargetNames>;
}

/** Of the targets that this plugin knows or adds. */
export interface TargetNames {
  readonly customBuild: string;
  readonly render: string;
  readonly deploy: string;
  readonly serve: string;
  readonly down: string;
}

const PINS: readonly Pin[] = ['tag', 'digest', 'both'];
const DEFAULT_TAG_PREFIX = 'nx';
/** Design 2.11. */
export const DEFAULT_MANIFESTS = [
  '{projectRoot}/{k8s,kubernetes,deploy,manifests}/**/*.{yaml,yml}',
];
/** It becomes part of the names of objects. */
const WORKSPACE_ID = /^[a-z0-9][a-z0-9-]{2,38}[a-z0-9]$/;
const OPTIONS = [
  'registry',
  'tagPrefix',
  'pin',
  'allowContexts',
  'manifests',
  'locators',
  'workspaceId',
  'helperImage',
  'targetNames',
];
/** Design 2.11. */
export const DEFAULT_NAMES: TargetNames = {
  customBuild: 'custom-build',
  render: 'render',
  deploy: 'deploy',
  serve: 'serve',
  down: 'down',
};
/** Of transient tags. */
const LONGEST_TAG_END = '-build-0123456789abcdef';

/** What holds for the whole workspace, parsed. */
export interface WorkspaceOptions {
  readonly registry?: Registry;
  readonly tagPrefix: string;
  readonly pin: Pin;
  readonly allowContexts: readonly string[];
  /** With `{projectRoot}` and `{projectName}` as they are written. */
  readonly manifests: readonly string[];
  readonly locators: readonly Locator[];
  readonly workspaceId?: string;
  /** As the cluster is to pull it. */
  readonly helperImage?: string;
  readonly targetNames: TargetNames;
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
  return parsePluginOptions(
    entry && typeof entry !== 'string' ? entry.options : undefined,
  );
}

/**
 * @param given the `options` of the plugin's entry in nx.json
 * @throws SLIPWAY_E_OPTION_INVALID naming the entry of nx.json
 */
export function parsePluginOptions(given: unknown = {}): WorkspaceOptions {
  const options = given as PluginOptions;
  assertKnownOptions(Object.keys(options), OPTIONS, 'nx-slipway in nx.json');
  const tagPrefix = options.tagPrefix ?? DEFAULT_TAG_PREFIX;
  if (!isTag(`${tagPrefix}${LONGEST_TAG_END}`)) {
    throw invalid(
      `tagPrefix in nx.json is "${tagPrefix}"`,
      'It must be what a tag may begin with, and leave room for the rest.',
    );
  }
  const { allowContexts = [], manifests = DEFAULT_MANIFESTS } = options;
  const { workspaceId, helperImage } = options;
  if (!isListOfNames(manifests)) {
    throw invalid(
      'manifests in nx.json is no list of globs',
      'For example ["{projectRoot}/k8s/**/*.yaml"].',
    );
  }
  if (workspaceId !== undefined && !isWorkspaceId(workspaceId)) {
    throw invalid(
      `workspaceId in nx.json is ${JSON.stringify(workspaceId)}`,
      'It is 4 to 40 lower-case letters, digits and dashes. Leave it as nx g nx-slipway:init wrote it: what was deployed under another is no longer ours.',
    );
  }
  if (helperImage !== undefined && !referenceIn(helperImage)) {
    throw invalid(
      `helperImage in nx.json is ${JSON.stringify(helperImage)}, which is no image`,
      'For example "busybox:1.36": any that has sh, tar and coreutils.',
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
    pin: parsePin(options.pin, 'pin in nx.json') ?? 'both',
    allowContexts,
    manifests,
    locators: parseLocators(options.locators, 'locators in nx.json'),
    workspaceId,
    helperImage,
    targetNames: parseNames(options.targetNames),
  };
}

function parseNames(names: unknown = {}): TargetNames {
  const where = 'targetNames in nx.json';
  const hint = `For example { "serve": "k8s-serve" }; unnamed ones are ${Object.values(DEFAULT_NAMES).join(', ')}.`;
  if (!isObject(names)) throw invalid(`${where} is no object`, hint);
  assertKnownOptions(Object.keys(names), Object.keys(DEFAULT_NAMES), where);
  const all: Readonly<Record<string, unknown>> = { ...DEFAULT_NAMES, ...names };
  const values = Object.values(all);
  for (const [key, name] of Object.entries(all)) {
    if (typeof name !== 'string' || !/^[^\s:]+$/.test(name)) {
      throw invalid(
        `${key} of ${where} is ${JSON.stringify(name)}, which is no name of a target`,
        hint,
      );
    }
    if (values.indexOf(name) === values.lastIndexOf(name)) continue;
    throw invalid(`${where} calls two targets ${name}`, hint);
  }
  return all as unknown as TargetNames;
}

function isWorkspaceId(value: unknown): boolean {
  return typeof value === 'string' && WORKSPACE_ID.test(value);
}

/**
 * @param where for the message: which option this is
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export function parsePin(pin: unknown, where: string): Pin | undefined {
  const found = PINS.find((each) => each === pin);
  if (found !== undefined || pin === undefined) return found;
  throw invalid(
    `${where} is ${JSON.stringify(pin)}`,
    `It is ${PINS.join(', ')}.`,
  );
}

function isListOfNames(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.every((name) => typeof name === 'string' && name !== '')
  );
}
