import { existsSync } from 'node:fs';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { execa } from 'execa';
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

  it('are found below folders whose names look like globs', async () => {
    await folder.write({ 'work (copy) [1]/k8s/{a}/b.yaml': 'b: 1\n' });
    const glob = 'work (copy) [1]/k8s/{a}/*.yaml';
    expect(await read(yaml(glob))).toMatchObject([{ text: 'b: 1\n' }]);
  });

  it('are files, within the workspace, that can be read', async () => {
    await folder.write({ 'k8s/a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
    await folder.link('k8s/within.yaml', '../b.yaml');
    expect(await read(yaml('k8s'))).toHaveLength(2);
    await folder.link('k8s/out.yaml', '/etc/hostname');
    expect((await errorOf(read(yaml('k8s')))).message).toBe(
      'k8s/out.yaml cannot be read: it is a link out of the workspace, to /etc/hostname.',
    );
    await folder.link('c/gone.yaml', 'nowhere');
    expect((await errorOf(read(yaml('c/*')))).message).toMatch(
      /^c\/gone\.yaml cannot be read: ENOENT/,
    );
    await execa('mkfifo', [folder.at('pipe.yaml')]);
    expect((await errorOf(read(yaml('pipe.yaml')))).message).toBe(
      'pipe.yaml cannot be read: it is no file.',
    );
  });

  it('are refused if one is larger than any manifest', async () => {
    await folder.write({ 'a.yaml': '' });
    await truncate(folder.at('a.yaml'), 65 * 1024 * 1024);
    expect((await errorOf(read(yaml('a.yaml')))).message).toBe(
      'a.yaml cannot be read: it has 65 MiB, and 64 are read.',
    );
  });

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

  it('has what it says to people shown, without secrets', async () => {
    await tool('kustomize', `echo "old hunter2hunter2" >&2; printf '${POD}'`);
    const reading = read(source());
    expect(await reading).toMatchObject([{ text: POD }]);
    expect(reading.reporter.printed).toEqual({
      stdout: '',
      stderr: 'old ***\n',
    });
  });

  it.each(['Warning: old hunter2hunter2', 'Reading: dev'])(
    'is refused if it says %j among the manifests',
    async (said) => {
      await tool('kustomize', `echo "${said}"; printf '${POD}'`);
      const { code, message } = await errorOf(read(source()));
      expect(code).toBe('SLIPWAY_E_SOURCE');
      expect(message).toMatch(
        /^kustomize build dev printed a line that is no manifest, line 1: /,
      );
      expect(message).not.toContain('hunter2');
    },
  );

  it.each([
    [
      'unknown flag: --x',
      'exec echo v2.0.3',
      '`kustomize version` says: v2.0.3.',
    ],
    ['json: unknown field "y"', 'exit 1', 'Ask `kustomize version`.'],
  ])('is told of its version if it says %j', async (said, version, hint) => {
    await tool(
      'kustomize',
      `[ "$1" = version ] && ${version}\necho '${said}' >&2; exit 1`,
    );
    const error = await errorOf(read(source()));
    expect(error.message).toContain(said);
    expect(error.hint).toContain(`Is it too old? ${hint}`);
  });

  it('that hangs is told of, and ended when it is cancelled', async () => {
    await tool('kustomize', 'touch started; sleep 100');
    const cancel = new AbortController();
    const reading = read(source(), { signal: cancel.signal });
    await eventually('its heartbeat', () => reading.reporter.lines.length > 0);
    cancel.abort();
    expect((await errorOf(reading)).code).toBe('SLIPWAY_E_CANCELLED');
    expect(reading.reporter.lines).toEqual([
      'still rendering manifests by kustomize build dev, for 2.0s',
    ]);
  });

  it('is cancelled while it is asked for its version, too', async () => {
    await tool(
      'kustomize',
      '[ "$1" = version ] && touch asked && exec sleep 100\necho "unknown flag" >&2; exit 1',
    );
    const cancel = new AbortController();
    const reading = errorOf(read(source(), { signal: cancel.signal }));
    await eventually('the question', () => existsSync(folder.at('asked')));
    cancel.abort();
    expect((await reading).code).toBe('SLIPWAY_E_CANCELLED');
  });

  it('is missed with a word of how to have it', async () => {
    const { code, message, hint } = await errorOf(
      read(source(), { path: folder.at('bin') }),
    );
    expect(code).toBe('SLIPWAY_E_TOOL_MISSING');
    expect(message).toContain('neither kustomize nor kubectl');
    expect(hint).toContain('https://');
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

  it('stands by its first line, cut, before what is said of its manifests', async () => {
    const lines = await read(source('echo a: 1\n# more'));
    expect(lines).toMatchObject([{ origin: 'echo a: 1 ...' }]);
    const secret = await read(source(['echo', 'a: hunter2hunter2']));
    expect(secret).toEqual([
      { origin: 'echo a: ***', text: 'a: hunter2hunter2\n' },
    ]);
    const long = await read(source(['echo', 'a:', 'x'.repeat(200)]));
    expect(long[0]?.origin).toMatch(/^echo a: x{72} \.\.\.$/);
  });

  it('must print UTF-8', async () => {
    const { code, message } = await errorOf(read(source("printf 'a: \\377'")));
    expect(code).toBe('SLIPWAY_E_SOURCE');
    expect(message).toMatch(/ printed what is not UTF-8\.$/);
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

  it('has each of its templates named', async () => {
    await folder.write({ 'chart/Chart.yaml': '' });
    const of = (template: string, name: string) =>
      `---\n# Source: shop/${template}\n${POD.replace('x', name)}`;
    const a = of('crds/a.yaml', 'a');
    const b = of('templates/b.yaml', 'b') + of('templates/b.yaml', 'c');
    await folder.write({ out: `${a}${b}` });
    await tool('helm', `cat ${folder.at('out')}`);
    expect(await read(source())).toEqual([
      { origin: 'helm template shop chart, shop/crds/a.yaml', text: a },
      { origin: 'helm template shop chart, shop/templates/b.yaml', text: b },
    ]);
  });

  it('is told to be too old for what it does not know', async () => {
    await folder.write({ 'chart/Chart.yaml': '' });
    await tool(
      'helm',
      '[ "$1" = version ] && echo v3.1.0 && exit\necho "Error: unknown flag: --skip-tests" >&2; exit 1',
    );
    const { message, hint } = await errorOf(read(source()));
    expect(message).toContain('unknown flag: --skip-tests');
    expect(hint).toMatch(/says: v3\.1\.0\.[^]*Helm 3\.5 or newer/);
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
    expect(reading.reporter.lines).toEqual([
      'hooks are deployed as the objects that they are: Pod/a, Pod/c',
      'left out, as hooks for deletion or rollback: Pod/b',
    ]);
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
