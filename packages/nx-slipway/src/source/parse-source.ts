import { isObject, type JsonPath } from '../locate';
import { SlipwayError, assertKnownOptions } from '../report';
import { whatIsWrongWith } from './helm-values';
import { releaseOf, type ManifestSource } from './source';

export interface SourceDefaults {
  /** Of a Helm release that has no name: the project's. */
  readonly release: string;
  /**
   * A path of the option, absolute.
   * @param at where in the option it stands
   */
  readonly resolve: (path: string, at: JsonPath) => string;
}

type Parts = Readonly<Record<string, unknown>>;

const FORMS = ['yaml', 'kustomize', 'helm', 'command'] as const;
const HELM = ['chart', 'release', 'values', 'set'];
const COMMAND = ['command', 'deps', 'dir'];
/** Helm's own rule for the names of releases (chartutil/validate_name.go). */
const RELEASE =
  /^(?=.{1,53}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/**
 * The option `source` (design 2.11): one of its four forms.
 * @throws SLIPWAY_E_OPTION_INVALID, SLIPWAY_E_OPTION_UNKNOWN
 */
export function parseSource(
  option: unknown,
  defaults: SourceDefaults,
): ManifestSource {
  if (!isObject(option)) throw invalid('source is no object');
  const forms = FORMS.filter((form) => option[form] !== undefined);
  const [form, ...others] = forms;
  if (form === undefined || others.length > 0) {
    const all = [...new Set([...FORMS, ...COMMAND])];
    const known = form === 'command' ? COMMAND : all;
    assertKnownOptions(Object.keys(option), known, 'source');
    throw invalid(
      form === undefined
        ? 'source has none of yaml, kustomize, helm and command'
        : `source has ${forms.join(' and ')}, of which there can be one`,
    );
  }
  assertKnownOptions(
    Object.keys(option),
    form === 'command' ? COMMAND : [form],
    'source',
  );
  return PARSERS[form](option, defaults);
}

const PARSERS: Readonly<
  Record<
    (typeof FORMS)[number],
    (option: Parts, defaults: SourceDefaults) => ManifestSource
  >
> = {
  yaml: ({ yaml }, { resolve }) => ({
    kind: 'yaml',
    globs: texts(yaml, 'source.yaml').map((glob, index) =>
      resolve(glob, ['yaml', index]),
    ),
  }),
  kustomize: ({ kustomize }, { resolve }) => ({
    kind: 'kustomize',
    folder: resolve(
      folder(
        kustomize,
        'source.kustomize',
        'Name it in the resources of a kustomization of the workspace.',
      ),
      ['kustomize'],
    ),
  }),
  helm: ({ helm }, defaults) => helmSource(helm, defaults),
  command: ({ command, deps = [], dir = '.' }, { resolve }) => ({
    kind: 'command',
    command:
      typeof command === 'string'
        ? text(command, 'source.command')
        : texts(command, 'source.command'),
    dir: resolve(text(dir, 'source.dir'), ['dir']),
    deps: texts(deps, 'source.deps', 0).map((dep, index) =>
      resolve(dep, ['deps', index]),
    ),
  }),
};

function helmSource(
  option: unknown,
  { release: project, resolve }: SourceDefaults,
): ManifestSource {
  if (!isObject(option)) throw invalid('source.helm is no object');
  assertKnownOptions(Object.keys(option), HELM, 'source.helm');
  const { chart, release = releaseOf(project), values = [], set = {} } = option;
  if (typeof release !== 'string' || !RELEASE.test(release)) {
    throw invalid(
      `source.helm.release is ${JSON.stringify(release)}, which Helm takes for no release: up to 53 lower-case letters, digits, dashes and dots`,
    );
  }
  if (!isObject(set)) throw invalid('source.helm.set is no object');
  for (const path of Object.keys(set)) {
    const wrong = whatIsWrongWith(path);
    if (wrong)
      throw invalid(`source.helm.set: ${JSON.stringify(path)} ${wrong}`);
  }
  const named = folder(
    chart,
    'source.helm.chart',
    'Fetch it with `helm pull --untar`, or name it in the dependencies of a chart of the workspace.',
  );
  return {
    kind: 'helm',
    chart: resolve(named, ['helm', 'chart']),
    release,
    values: texts(values, 'source.helm.values', 0).map((file, index) =>
      resolve(file, ['helm', 'values', index]),
    ),
    set,
  };
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw invalid(
    `${where} is ${JSON.stringify(value) ?? 'missing'}, not a text`,
  );
}

/** @param hint how what is elsewhere is had */
function folder(value: unknown, where: string, hint: string): string {
  const path = text(value, where);
  if (!path.includes('://')) return path;
  throw invalid(
    `${where} is ${JSON.stringify(path)}, not a path of the workspace`,
    hint,
  );
}

function texts(value: unknown, where: string, least = 1): string[] {
  if (Array.isArray(value) && value.length >= least) {
    return (value as unknown[]).map((one, index) =>
      text(one, `${where}[${index}]`),
    );
  }
  throw invalid(`${where} is no list of texts`);
}

const FORMS_HINT =
  'It is { "yaml": ["k8s/**/*.yaml"] }, { "kustomize": "overlays/dev" }, { "helm": { "chart": "chart" } } or { "command": "..." }.';

function invalid(what: string, hint = FORMS_HINT): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `${what}.`,
    hint,
  });
}
