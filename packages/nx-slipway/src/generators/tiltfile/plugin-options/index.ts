import { hasCode } from '../../../report';
import { parsePluginOptions, type PluginOptions } from '../../../settings';
import type { Call } from '../read';
import { asText, asTexts, asTextsByName, given, type Given } from '../values';

/** What a call says of the whole workspace. */
export interface OfPlugin {
  readonly call: Call;
  readonly options: PluginOptions;
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

type LocatorOptions = NonNullable<PluginOptions['locators']>;

/** What becomes an option of the plugin in nx.json, by the name of the call. */
export const PLUGIN_CALLS: Readonly<Record<string, (call: Call) => OfPlugin>> =
  {
    default_registry: defaultRegistry,
    allow_k8s_contexts: allowContexts,
    k8s_kind: k8sKind,
    k8s_image_json_path: imageJsonPath,
  };

function defaultRegistry(call: Call): OfPlugin {
  const taken = given(call, ['host', 'host_from_cluster', 'single_name']);
  const host = taken.take('host', asText);
  const hostFromCluster = taken.take('host_from_cluster', asText);
  const singleName = taken.take('single_name', asText);
  const isHost = !hostFromCluster && !singleName;
  const registry = {
    host: host ?? '',
    ...(hostFromCluster && { hostFromCluster }),
    ...(singleName && { singleName }),
  };
  return checked(
    call,
    taken,
    host ? { registry: isHost ? host : registry } : {},
  );
}

function allowContexts(call: Call): OfPlugin {
  const taken = given(call, ['contexts']);
  const contexts = taken.take('contexts', asTexts);
  return checked(call, taken, contexts ? { allowContexts: contexts } : {});
}

const KIND = [
  ...['kind', 'api_version', 'image_json_path', 'image_object'],
  'pod_readiness',
];

function k8sKind(call: Call): OfPlugin {
  const taken = given(call, KIND);
  const kind = taken.take('kind', asText);
  const apiVersion = taken.take('api_version', asText);
  const which = { ...(apiVersion && { apiVersion }), ...(kind && { kind }) };
  const paths = taken.take('image_json_path', asTexts) ?? [];
  const object = taken.take('image_object', asTextsByName);
  const locators: LocatorOptions = paths.map((path) => ({
    ...which,
    path: braced(path),
  }));
  if (object) {
    const { json_path: path = '', repo_field, tag_field } = object;
    const fields = {
      repository: repo_field ?? '',
      ...(tag_field && { tag: tag_field }),
    };
    locators.push({ ...which, path: braced(path), object: fields });
  }
  const notes = taken.value('pod_readiness')
    ? ['`pod_readiness` is not needed: what has pods is waited for']
    : [];
  return checked(call, taken, { locators }, notes, which);
}

function imageJsonPath(call: Call): OfPlugin {
  const taken = given(call, [
    ...['paths', 'kind', 'name', 'namespace', 'api_version'],
  ]);
  const paths = taken.take('paths', asTexts) ?? [];
  const apiVersion = taken.take('api_version', asText);
  const kind = taken.take('kind', asText);
  const name = taken.take('name', asText);
  const namespace = taken.take('namespace', asText);
  const which = {
    ...(apiVersion && { apiVersion }),
    ...(kind && { kind }),
    ...(name && { name }),
    ...(namespace && { namespace }),
  };
  const locators = paths.map((path) => ({ ...which, path: braced(path) }));
  return checked(call, taken, { locators }, [], which);
}

/** Tilt takes regular expressions for names; here they are exact. */
function checked(
  call: Call,
  taken: Given,
  options: PluginOptions,
  notes: readonly string[] = [],
  exact: Readonly<Record<string, string>> = {},
): OfPlugin {
  const problems = taken.finish();
  for (const [name, text] of Object.entries(exact)) {
    // A dot that matches any character is meant as a dot.
    if (/^[\w./-]*$/.test(text)) continue;
    problems.push(`${name} is the pattern ${text}, and names are exact here`);
  }
  if (problems.length === 0) problems.push(...refusals(options));
  const isUsed = problems.length === 0;
  return { call, options: isUsed ? options : {}, notes, problems };
}

/** What the plugin itself says of them. */
function refusals(options: PluginOptions): string[] {
  try {
    parsePluginOptions(options);
    return [];
  } catch (error) {
    if (
      !hasCode(error, 'SLIPWAY_E_OPTION_INVALID', 'SLIPWAY_E_OPTION_UNKNOWN')
    ) {
      throw error;
    }
    return [error.message];
  }
}

const braced = (path: string): string =>
  path.startsWith('{') ? path : `{${path.startsWith('.') ? '' : '.'}${path}}`;
