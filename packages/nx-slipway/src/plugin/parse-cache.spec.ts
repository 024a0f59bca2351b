import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { parseLocators } from '../locate';
import { useTempFolder } from '../testing/temp-folder';
import { ParseCache } from './parse-cache';
import { deployment } from './testing/build';

const folder = useTempFolder();
const file = () => folder.at('data/manifests.json');
const open = (key = '1', path = file()) => new ParseCache([], key, path);
const found = [{ text: 'web', isEnv: false }];
const text = deployment('web');

/** What is kept of a text, changed so that it can be told from what is parsed. */
async function keepForged(
  change = (kept: string) => kept.replace('"web"', '"forged"'),
) {
  const cache = open();
  cache.imageTexts(text, false);
  cache.save();
  await folder.write({
    'data/manifests.json': change(readFileSync(file(), 'utf8')),
  });
}

it('what stands in a manifest is parsed once', async () => {
  expect(open().imageTexts(text, false)).toEqual(found);
  await keepForged();
  expect(open().imageTexts(text, false)).toEqual([
    { text: 'forged', isEnv: false },
  ]);
});

it('what cannot be read is remembered as well', () => {
  const cache = open();
  expect(cache.imageTexts('{ torn', false)).toBeUndefined();
  cache.save();
  expect(readFileSync(file(), 'utf8')).toContain('null');
  expect(open().imageTexts('{ torn', false)).toBeUndefined();
});

it.each([
  ['torn', (kept: string) => kept.slice(0, -3)],
  ['empty', () => ''],
  ['of another kind', () => '5'],
  ['of another shape', () => '{"key":"1","texts":5}'],
  [
    'with entries of another shape',
    (kept: string) => kept.replace('["web"]', '[5]'),
  ],
  ['with half an entry', () => '{"key":"1","texts":[5]}'],
  [
    'of another key',
    (kept: string) => kept.replace('"1"', '"2"').replace('"web"', '"forged"'),
  ],
])('a file that is %s is as none', async (_, change) => {
  await keepForged(change);
  const cache = open();
  expect(cache.imageTexts(text, false)).toEqual(found);
  cache.save();
  expect(open().imageTexts(text, false)).toEqual(found);
});

it('is kept for each version and for the locators', () => {
  const locators = parseLocators(
    [{ kind: 'Widget', path: '{.spec}' }],
    'locators',
  );
  const widget = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Widget',
    metadata: { name: 'x' },
    spec: 'web',
  });
  const before = open('1 []');
  expect(before.imageTexts(widget, false)).toEqual([]);
  before.save();
  expect(
    new ParseCache(locators, '1 [widget]', file()).imageTexts(widget, false),
  ).toEqual(found);
});

it('is not written where nothing has changed', () => {
  const cache = open();
  cache.imageTexts(text, false);
  cache.save();
  utimesSync(file(), 1, 1);
  const again = open();
  again.imageTexts(text, false);
  again.save();
  expect(statSync(file()).mtimeMs).toBe(1000);
});

it('forgets what is no longer there', () => {
  const cache = open();
  cache.imageTexts(text, false);
  cache.imageTexts('a: 1', false);
  cache.save();
  const again = open();
  again.imageTexts('a: 1', false);
  again.save();
  expect(readFileSync(file(), 'utf8')).not.toContain('web');
});

it('is no error where it cannot be kept', async () => {
  await folder.write({ data: 'a file where the folder would be' });
  const cache = open();
  expect(cache.imageTexts(text, false)).toEqual(found);
  expect(() => cache.save()).not.toThrow();
});

it('leaves nothing half written', async () => {
  await folder.write({
    'data/manifests.json/x': 'a folder where the file would be',
  });
  const cache = open();
  cache.imageTexts(text, false);
  expect(() => cache.save()).not.toThrow();
  expect(existsSync(folder.at('data/manifests.json/x'))).toBe(true);
});

it('keeps no value of a variable, which may be a secret', () => {
  const pod = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x' },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'web',
          env: [{ name: 'PASSWORD', value: 'hunter2-secret' }],
        },
      ],
    },
  });
  const env = { text: 'hunter2-secret', isEnv: true };
  const cache = open();
  expect(cache.imageTexts(pod, true)).toEqual([...found, env]);
  cache.save();
  expect(readFileSync(file(), 'utf8')).not.toContain('hunter2');
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(open().imageTexts(pod, false)).toEqual(found);
  expect(open().imageTexts(pod, true)).toEqual([...found, env]);
});
