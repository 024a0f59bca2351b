import { formatPlan, formatReport } from './lines';
import { markdownSummary } from './markdown';

const named = (kind: string, name: string) => ({
  apiVersion: 'v1',
  kind,
  namespace: 'shop',
  name,
});
const objects = [
  { ...named('ConfigMap', 'settings'), action: 'unchanged' as const },
  {
    ...named('Deployment', 'web'),
    action: 'changed' as const,
    rolls: true,
    diff: [
      {
        path: 'spec.template.spec.containers[web].image',
        from: 'web:1',
        to: 'web:2',
      },
      { path: 'metadata.labels["a|b"]', from: '`x`' },
      { path: 'spec.paused', to: 'true' },
    ],
    moreChanges: 2,
  },
  {
    ...named('Secret', 'login'),
    action: 'changed' as const,
    diff: [{ path: 'data.password' }],
  },
  {
    ...named('PersistentVolumeClaim', 'data'),
    action: 'kept' as const,
    reason: 'it may hold data',
  },
];

describe('a plan for people', () => {
  it('has a line for each object and each field', () => {
    expect(formatPlan({ objects })).toEqual([
      '= ConfigMap shop/settings          unchanged',
      '~ Deployment shop/web              change (its pods are replaced)',
      '    spec.template.spec.containers[web].image: web:1 -> web:2',
      '    metadata.labels["a|b"]: `x` (goes)',
      '    spec.paused: true (new)',
      '    and 2 more',
      '~ Secret shop/login                change',
      '    data.password: changed',
      '! PersistentVolumeClaim shop/data  keep (it may hold data)',
      '4 objects: 2 change, 1 unchanged, 1 keep',
    ]);
  });

  it('says that there is nothing', () => {
    expect(formatPlan({ objects: [] })).toEqual(['nothing to do']);
  });
});

describe('a report', () => {
  it('only counts what is as it was', () => {
    const lines = formatReport({ objects });
    expect(lines.join('\n')).not.toContain('settings');
    expect(lines.at(-1)).toBe('4 objects: 2 changed, 1 unchanged, 1 kept');
  });

  it('is a table in Markdown, which no value can leave', () => {
    const text = markdownSummary(
      { title: 'shop <in> kind-dev', dryRun: false },
      { objects },
    );
    expect(text).toBe(
      [
        '### shop \\<in\\> kind-dev',
        '',
        '4 objects: 2 changed, 1 unchanged, 1 kept',
        '',
        '| | object | |',
        '| --- | --- | --- |',
        '| changed | Deployment shop/web | its pods are replaced<br>`spec.template.spec.containers[web].image: web:1 -> web:2`<br>`metadata.labels["a\\|b"]: \'x\' (goes)`<br>`spec.paused: true (new)`<br>and 2 more |',
        '| changed | Secret shop/login | `data.password: changed` |',
        '| kept | PersistentVolumeClaim shop/data | it may hold data |',
        '',
      ].join('\n'),
    );
  });

  it('says of a plan what would be', () => {
    const head = { title: 'shop', dryRun: true };
    const lines = markdownSummary(head, { objects }).split('\n');
    expect(lines[0]).toBe('### shop (dry run)');
    expect(lines[2]).toBe('4 objects: 2 change, 1 unchanged, 1 keep');
    expect(lines[7]).toBe(
      '| change | Secret shop/login | `data.password: changed` |',
    );
  });

  it('says why the run failed, in a block that no text can leave', () => {
    const failure = 'NO: `a`\n```\n# x';
    const head = { title: 'shop', dryRun: false, failure };
    expect(markdownSummary(head, { objects: [] }).split('\n')).toEqual([
      ...['### shop', '', 'It failed:', ''],
      ...['````', 'NO: `a`', '```', '# x', '````', ''],
      ...['nothing was done', ''],
    ]);
  });
});
