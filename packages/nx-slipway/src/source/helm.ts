import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManifestText } from '../manifest';
import { byTemplate, withoutOtherHooks } from './helm-output';
import { nested } from './helm-values';
import type { SourceRun } from './read-source';
import type { HelmSource } from './source';
import { shown, sourceError } from './source-error';
import { installHint } from './install-hint';
import { textOfTool } from './tool-source';
import { statOf } from './walk';

const HINT =
  'The chart itself could not be rendered; try the same command by hand. If dependencies are missing, `helm dependency build` fetches them. Helm 3.5 or newer is needed.';

/**
 * `helm template`, with CustomResourceDefinitions and without tests, one text
 * for each template.
 */
export async function runHelm(
  { chart, release, values, set }: HelmSource,
  run: SourceRun,
): Promise<ManifestText[]> {
  const name = shown(run.root, chart);
  assertThere(chart, `the chart ${name}`);
  for (const file of values) {
    assertThere(file, `the values ${shown(run.root, file)}`);
  }
  const text = await withSetFile(set, (setFile) => {
    const files = [...values, ...setFile].flatMap((file) => ['--values', file]);
    const { namespace = 'default' } = run;
    return textOfTool(
      {
        argv: [
          ...['helm', 'template', release, chart],
          ...['--namespace', namespace, '--include-crds', '--skip-tests'],
          ...files,
        ],
        dir: run.root,
        origin: `helm template ${release} ${name}`,
        hint: HINT,
        version: ['helm', 'version', '--short'],
      },
      run,
    ).catch(installHint('helm', 'https://helm.sh/docs/intro/install/'));
  });
  return withoutOtherHooks(byTemplate(text), run.reporter);
}

function assertThere(path: string, what: string): void {
  if (statOf(path)) return;
  throw sourceError(
    `${what} is not there`,
    'Paths in source.helm are relative to the project root unless they start with {workspaceRoot}. A chart of a registry is fetched by `helm pull --untar`.',
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
