import { ensureSandbox, sandboxEnv } from '@nx-slipway/sandbox';
import { execa } from 'execa';
import { readManifests } from '../../../packages/nx-slipway/src/manifest';
import {
  BY_KUBECTL,
  CORPUS,
  REFUSED,
  SCALAR_DOCUMENTS,
} from '../../../packages/nx-slipway/src/manifest/testing/corpus';

/** The sandbox's kubectl, which asks the API server for its kinds alone. */
async function byKubectl(input: string) {
  const args = ['create', '--dry-run=client', '--validate=false', '-o', 'json'];
  const { stdout, exitCode } = await execa('kubectl', [...args, '-f', '-'], {
    env: sandboxEnv(await ensureSandbox()),
    input,
    reject: false,
  });
  return { output: stdout, exitCode };
}

/** Several objects come one after the other. */
function objectsIn(output: string): unknown[] {
  return output
    .trim()
    .split(/\n(?=\{$)/m)
    .map((text) => JSON.parse(text) as unknown);
}

const inDefault = (object: { metadata: object }) => ({
  ...object,
  metadata: { namespace: 'default', ...object.metadata },
});

type Recorded = Parameters<typeof inDefault>[0];

const scalarOf = (object: unknown) =>
  (object as { data: { a: unknown } }).data.a;

describe('manifests are read as kubectl reads them', () => {
  const readable = { 'every scalar': SCALAR_DOCUMENTS, ...CORPUS };
  it.each(Object.entries(readable))('%s', async (name, text) => {
    const { output, exitCode } = await byKubectl(text);
    expect(exitCode).toBe(0);
    const kubectls = objectsIn(output);
    const { objects } = readManifests([{ origin: 'a.yaml', text }]);
    expect(objects.map(({ object }) => inDefault(object))).toEqual(kubectls);
    const recorded = BY_KUBECTL[name] ?? [];
    expect(name === 'every scalar' ? kubectls.map(scalarOf) : kubectls).toEqual(
      name === 'every scalar'
        ? recorded
        : (recorded as Recorded[]).map(inDefault),
    );
  });

  it.each(Object.entries(REFUSED))('refused: %s', async (_, text) => {
    const { exitCode } = await byKubectl(text);
    expect(exitCode).not.toBe(0);
    expect(() => readManifests([{ origin: 'a.yaml', text }])).toThrow(
      /^a\.yaml:\d+:\d+: /,
    );
  });
});
