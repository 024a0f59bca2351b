import { parseSource } from './parse-source';

const parse = (option: unknown) =>
  parseSource(option, {
    release: '@acme/Shop',
    resolve: (path, at) => `/ws/${path} (${at.join('.')})`,
  });

describe('parseSource', () => {
  it.each([
    [
      { yaml: ['k8s/*.yaml'] },
      { kind: 'yaml', globs: ['/ws/k8s/*.yaml (yaml.0)'] },
    ],
    [
      { kustomize: 'overlays/dev' },
      { kind: 'kustomize', folder: '/ws/overlays/dev (kustomize)' },
    ],
    [
      { helm: { chart: 'chart', values: ['dev.yaml'], set: { a: 1 } } },
      {
        kind: 'helm',
        chart: '/ws/chart (helm.chart)',
        release: 'acme-shop',
        values: ['/ws/dev.yaml (helm.values.0)'],
        set: { a: 1 },
      },
    ],
    [
      { command: ['cue', 'export'], deps: ['cue'], dir: 'k8s' },
      {
        kind: 'command',
        command: ['cue', 'export'],
        deps: ['/ws/cue (deps.0)'],
        dir: '/ws/k8s (dir)',
      },
    ],
    [
      { command: 'make -s manifests' },
      {
        kind: 'command',
        command: 'make -s manifests',
        deps: [],
        dir: '/ws/. (dir)',
      },
    ],
  ])('takes %j', (option, source) => {
    expect(parse(option)).toEqual(source);
  });

  it.each<[unknown, RegExp]>([
    ['k8s', /source is no object/],
    [{}, /none of yaml, kustomize, helm and command/],
    [{ yaml: ['a'], kustomize: 'b' }, /source has yaml and kustomize/],
    [{ yaml: 'a' }, /source\.yaml is no list/],
    [{ yaml: [] }, /source\.yaml is no list/],
    [{ yaml: [7] }, /source\.yaml\[0\] is 7/],
    [{ kustomise: 'a' }, /no option "kustomise"/],
    [{ kustomize: '' }, /source\.kustomize is "", not a text/],
    [{ kustomize: 'a', deps: [] }, /no option "deps"/],
    [{ helm: {} }, /source\.helm\.chart is missing/],
    [{ helm: { chart: 'a', release: '--x' } }, /release is "--x"/],
    [{ helm: { chart: 'a', release: 'a..b' } }, /release is "a\.\.b"/],
    [{ helm: { chart: 'a', release: 'a'.repeat(54) } }, /53 lower-case/],
    [{ helm: { chart: 'oci://a/b' } }, /chart is "oci:\/\/a\/b", not a path/],
    [{ kustomize: 'https://a/b' }, /kustomize is "https:\/\/a\/b", not a path/],
    [{ helm: { chart: 'a', set: { 'a[0]': 1 } } }, /"a\[0\]" is an item of/],
    [{ helm: { chart: 'a', value: [] } }, /no option "value"/],
    [{ helm: { chart: 'a', set: [] } }, /set is no object/],
    [{ command: [] }, /source\.command is no list/],
    [{ command: ' ' }, /source\.command is " "/],
  ])('refuses %j', (option, why) => {
    expect(() => parse(option)).toThrow(why);
  });
});
