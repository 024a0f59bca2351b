import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifests, textWithout, type ManifestText } from '../manifest';
import type { SourceRun } from './read-source';
import type { HelmSource } from './source';
import { shown, sourceError } from './source-error';
import { textOfTool } from './tool-source';

/** Hooks that have their place in a deploy. */
const DEPLOYED_HOOKS = /^(?:crd-install|(?:pre|post)-(?:install|upgrade))$/;
const HOOK = 'helm.sh/hook';

/** `helm template`, with CustomResourceDefinitions and without tests. */
export async function runHelm(
  { chart, release, values, set }: HelmSource,
  run: SourceRun,
): Promise<ManifestText[]> {
  const name = shown(run.root, chart);
  await assertThere(chart, `the chart ${name}`);
  for (const file of values) {
    await assertThere(file, `the values ${shown(run.root, file)}`);
  }
  return withSetFile(set, async (setFile) => {
    const files = [...values, ...setFile].flatMap((file) => ['--values', file]);
    const { namespace = 'default' } = run;
    const text = await textOfTool(
      {
        argv: [
          ...['helm', 'template', release, chart],
          ...['--namespace', namespace, '--include-crds', '--skip-tests'],
          ...files,
        ],
        dir: run.root,
        origin: `helm template ${release} ${name}`,
        hint: 'The chart itself could not be rendered; try the same command by hand. If dependencies are missing, `helm dependency build` fetches them.',
      },
      run,
    );
    return [withoutOtherHooks(text, run)];
  });
}

async function assertThere(path: string, what: string): Promise<void> {
  if (await stat(path).catch(() => undefined)) return;
  throw sourceError(
    `${what} is not there`,
    'Paths in source.helm are relative to the project root unless they start with {workspaceRoot}.',
  );
}

/**
 * `--set` has a language of its own for commas and types; a file of values has
 * none.
 */
async function withSetFile<T>(
  set: HelmSource['set'],
  work: (files: string[]) => Promise<T>,
): Promise<T> {
  if (Object.keys(set).length === 0) return work([]);
  const folder = await mkdtemp(join(tmpdir(), 'slipway-helm-'));
  try {
    const file = join(folder, 'set.yaml');
    await writeFile(file, JSON.stringify(nested(set)), { mode: 0o600 });
    return await work([file]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Values = Record<string, unknown>;

/** A map whose every key is its own, `__proto__` too. */
const emptyValues = () => Object.create(null) as Values;

/** `{ "a.b": 1 }` as `{ a: { b: 1 } }`; `\.` is a dot of a name. */
export function nested(set: HelmSource['set']): Values {
  const values = emptyValues();
  for (const [path, value] of Object.entries(set)) {
    const keys = path
      .split(/(?<!\\)\./)
      .map((key) => key.replaceAll('\\.', '.'));
    const last = keys.pop() ?? '';
    const parent = keys.reduce((inner, key) => {
      const next = Object.hasOwn(inner, key) ? inner[key] : undefined;
      const isMap = typeof next === 'object' && next !== null;
      return (inner[key] = isMap ? next : emptyValues()) as Values;
    }, values);
    parent[last] = value;
  }
  return values;
}

/**
 * Hooks are applied as the objects that they are, less those for deletion and
 * rollback, which would run now.
 */
function withoutOtherHooks(text: ManifestText, run: SourceRun): ManifestText {
  const { objects } = readManifests([text]);
  const other = objects.filter(({ object: { metadata } }) => {
    const hooks = metadata.annotations?.[HOOK]?.split(',') ?? [];
    return (
      hooks.length > 0 && !hooks.some((one) => DEPLOYED_HOOKS.test(one.trim()))
    );
  });
  if (other.length === 0) return text;
  const names = other.map(({ object: o }) => `${o.kind}/${o.metadata.name}`);
  run.reporter.info(
    `left out, as hooks for deletion or rollback: ${names.join(', ')}`,
  );
  return textWithout(text, other);
}
