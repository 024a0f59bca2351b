import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { recordingReporter } from '../testing/recording-reporter';
import { errorOf } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { eventually } from '../testing/wait';
import { readSource } from './read-source';
import type { ManifestSource } from './source';

const folder = useTempFolder();
const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n';

const withShell = () => [folder.at('bin'), '/usr/bin', '/bin'].join(delimiter);

/** Reads with the tools of `bin`, and those that every system has. */
function read(
  source: ManifestSource,
  { signal = new AbortController().signal, path = withShell() } = {},
) {
  const reporter = recordingReporter();
  const texts = readSource(source, {
    root: folder.path,
    env: { PATH: path },
    reporter,
    secrets: () => ['hunter2hunter2'],
    signal,
  });
  return Object.assign(texts, { reporter });
}

/** A tool that stages a fault; the real ones run end to end. */
const tool = (name: string, script: string) =>
  folder.script(`bin/${name}`, `#!/bin/sh\n${script}\n`);

const yaml = (...globs: string[]): ManifestSource => ({
  kind: 'yaml',
  globs: globs.map((glob) => folder.at(glob)),
});

describe('YAML files', () => {
  it('are read in the order of the globs, each once, as they are', async () => {
    await folder.write({
      'k8s/b.yaml': '\uFEFFb: 1\r\n',
      'k8s/a.yaml': 'a: 1\n',
      'k8s/[x].yaml': 'x: 1\n',
      'c.json': '{}',
    });
    expect(await read(yaml('c.json', 'k8s', 'k8s/[x].yaml'))).toEqual([
      { origin: 'c.json', text: '{}' },
      { origin: 'k8s/[x].yaml', text: 'x: 1\n' },
      { origin: 'k8s/a.yaml', text: 'a: 1\n' },
      { origin: 'k8s/b.yaml', text: '\uFEFFb: 1\r\n' },
    ]);
  });

  it.each([['k8s/*.yaml'], ['k8s/a.yaml'], ['none/**/*.yaml']])(
    'are missed if none matches %s',
    async (glob) => {
      const { code, message } = await errorOf(read(yaml(glob)));
      expect(code).toBe('SLIPWAY_E_SOURCE');
      expect(message).toContain(`no file matches ${glob}`);
    },
  );

  it('are refused if they are not UTF-8', async () => {
    await writeFile(folder.at('a.yaml'), Buffer.from([0x61, 0xff]));
    const { message } = await errorOf(read(yaml('a.yaml')));
    expect(message).toBe('a.yaml is not UTF-8.');
  });
});

describe('kustomize', () => {
  const source = (): ManifestSource => ({
    kind: 'kustomize',
    folder: folder.at('dev'),
  });
  beforeEach(() => mkdir(folder.at('dev'), { recursive: true }));

  it('is that of kubectl where there is no other', async () => {
    await tool('kubectl', `[ "$1" = kustomize ] && printf '${POD}'`);
    expect(await read(source())).toEqual([
      { origin: 'kubectl kustomize dev', text: POD },
    ]);
    await tool('kustomize', `[ "$1" = build ] && printf '${POD}'`);
    expect(await read(source())).toMatchObject([
      { origin: 'kustomize build dev' },
    ]);
  });

  it('is missed with a word of how to have it', async () => {
    const { code, message } = await errorOf(
      read(source(), { path: folder.at('bin') }),
    );
    expect(code).toBe('SLIPWAY_E_TOOL_MISSING');
    expect(message).toContain('neither kustomize nor kubectl');
  });

  it('shows the last words of one that fails, without secrets', async () => {
    await tool('kustomize', 'echo "no base hunter2hunter2" >&2; exit 3');
    const { code, message } = await errorOf(read(source()));
    expect(code).toBe('SLIPWAY_E_SOURCE');
    expect(message).toMatch(/ended with exit code 3[^]*no base \*\*\*/);
  });

  it('is told of a folder that is none', async () => {
    const { message } = await errorOf(
      read({ kind: 'kustomize', folder: folder.at('gone') }),
    );
    expect(message).toBe('the kustomization gone is no folder.');
  });
});

describe('a command', () => {
  const source = (command: string | string[]): ManifestSource => ({
    kind: 'command',
    command,
    dir: folder.path,
    deps: [],
  });

  it('goes to a shell as a string, and to none as a list', async () => {
    const shell = await read(source('echo "a: $((1 + 1))"'));
    expect(shell).toEqual([{ origin: 'echo "a: $((1 + 1))"', text: 'a: 2\n' }]);
    const list = await read(source(['echo', 'a: $((1 + 1))']));
    expect(list).toMatchObject([{ text: 'a: $((1 + 1))\n' }]);
  });

  it('must print something', async () => {
    const { message } = await errorOf(read(source('true')));
    expect(message).toBe('true printed nothing.');
  });

  it('ends with its children when it is cancelled', async () => {
    const cancel = new AbortController();
    const reading = read(source('touch started; sleep 100 & wait'), {
      signal: cancel.signal,
    });
    await eventually('its start', () => existsSync(folder.at('started')));
    cancel.abort();
    expect((await errorOf(reading)).code).toBe('SLIPWAY_E_CANCELLED');
  });
});

describe('helm', () => {
  const source = (parts: object = {}): ManifestSource => ({
    kind: 'helm',
    chart: folder.at('chart'),
    release: 'shop',
    values: [],
    set: {},
    ...parts,
  });

  it('is given what is set as a file, whatever characters are in it', async () => {
    await folder.write({ 'chart/Chart.yaml': '' });
    await tool('helm', 'for last; do :; done; printf "# "; cat "$last"');
    const set = { 'a.b': 'x,y={z}', 'a.c': 2, 'd\\.e': true };
    const [text] = await read(source({ set }));
    expect(text?.text).toBe('# {"a":{"b":"x,y={z}","c":2},"d.e":true}');
  });

  it('leaves hooks out that are for deletion, and says so', async () => {
    await folder.write({ 'chart/Chart.yaml': '' });
    const hook = (name: string, hooks: string) =>
      `---\n${POD.replace('x', name)}  annotations:\n    helm.sh/hook: ${hooks}\n`;
    await folder.write({
      out: `${hook('a', 'pre-install')}${hook('b', 'post-delete, pre-rollback')}${hook('c', 'pre-delete,post-install')}`,
    });
    await tool('helm', `cat ${folder.at('out')}`);
    const reading = read(source());
    const [text] = await reading;
    expect(text?.text.match(/name: \w/g)).toEqual(['name: a', 'name: c']);
    expect(reading.reporter.lines.join()).toContain('left out, as hooks');
  });

  it('is not run for a chart or values that are not there', async () => {
    const chart = await errorOf(read(source()));
    expect(chart.message).toBe('the chart chart is not there.');
    await folder.write({ 'chart/Chart.yaml': '' });
    const values = [folder.at('dev.yaml')];
    const { message } = await errorOf(read(source({ values })));
    expect(message).toBe('the values dev.yaml is not there.');
  });
});
