import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseReference } from '../image';
import type { LocatorOption } from '../locate';
import { inject, use } from '../testing/injecting';

const WEB = use('web', {
  deployRef: parseReference('registry:5000/web:nx-1'),
  matchInEnvVars: true,
  entrypoint: ['/app/start'],
});
const LOCATORS: LocatorOption[] = [
  { apiVersion: 'acme.dev/*', kind: 'Widget', path: '{.spec.runtime.image}' },
  {
    kind: 'Chart',
    path: '{.spec.image}',
    object: { registry: 'registry', repository: 'repo', tag: 'tag' },
  },
  {
    kind: 'ConfigMap',
    name: 'runner',
    path: '{.data.config}',
    format: 'yaml',
    then: '{.*.image}',
  },
  {
    kind: 'ConfigMap',
    name: 'runner',
    path: "{.data['config.json']}",
    format: 'json',
    then: '{.jobs[*].image}',
  },
];

const golden = (name: string) =>
  readFileSync(join(__dirname, 'testing', 'golden', `${name}.yaml`), 'utf8');

describe.each(['workloads', 'locators'])('the golden manifests %s', (name) => {
  it('come out with the image, and all else as it was', () => {
    const { text } = inject(golden(`${name}.in`), [WEB], LOCATORS);
    expect(text).toBe(golden(`${name}.out`));
  });

  it('stay as they are the second time', () => {
    const { changes } = inject(golden(`${name}.out`), [WEB], LOCATORS);
    expect(changes.flat()).toEqual([]);
  });
});
