import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slipwayError } from '../../testing/slipway-error';
import { sharedRecipe } from './builtin';
import { fillRecipe } from './fill-recipe';
import { parseRecipe } from './parse-recipe';

type Json = Readonly<Record<string, unknown>>;

const LEAST: Json = {
  name: 'kaniko',
  title: 'Kaniko',
  description: 'A Dockerfile, built in a pod.',
  target: { command: 'kaniko $EXPECTED_REF' },
};

const parse = (
  more: Json | string,
  files: Readonly<Record<string, string>> = {},
) =>
  parseRecipe(
    {
      where: '@acme/recipes/kaniko',
      name: 'kaniko',
      prefix: '@acme/recipes:',
      read: (path) =>
        path === 'recipe.json'
          ? typeof more === 'string'
            ? more
            : JSON.stringify({ ...LEAST, ...more })
          : files[path],
    },
    sharedRecipe,
  );

const fill = (more: Json, answers = {}) =>
  fillRecipe(parse(more), {
    ...{ name: 'web', ref: 'gcr.io/acme/web:v1', projectRoot: 'apps/web' },
    answers,
  });

describe('a recipe', () => {
  it('needs no more than a name, words and a command', () => {
    expect(parse({})).toMatchObject({
      name: '@acme/recipes:kaniko',
      detect: [],
      questions: [],
      files: [],
    });
  });

  it('may have all that its schema describes', () => {
    const schema = JSON.parse(
      readFileSync(join(__dirname, 'recipe.schema.json'), 'utf8'),
    ) as { properties: Json };
    const all: Json = {
      ...LEAST,
      $schema: 'x',
      detect: [
        { files: ['a'], without: ['b'], text: [{ file: 'a', lacks: 'c' }] },
      ],
      questions: [
        { name: 'context', like: 'docker' },
        {
          name: 'pod',
          description: 'Which?',
          default: '',
          guess: [{ value: 'a' }],
          pattern: '^a?$',
        },
        {
          name: 'to',
          description: 'Where?',
          choices: [
            {
              value: 'a',
              description: 'A',
              target: {},
              fills: { b: 'c' },
              dependsOn: ['d'],
            },
          ],
        },
      ],
      inputs: [{ env: 'A' }],
      files: [{ template: 'a.yaml', path: 'a.yaml', executable: false }],
      liveUpdate: [
        { like: 'docker' },
        { when: {}, steps: [{ restart: true }] },
      ],
      notes: ['{{b}}'],
      tools: [{ program: 'kaniko', get: 'https://example.com' }],
    };
    expect(Object.keys(all).sort()).toEqual(
      Object.keys(schema.properties).sort(),
    );
    expect(parse(all, { 'files/a.yaml': '' }).questions).toHaveLength(3);
  });

  it('fills in what it asks for, and what is known of the project', () => {
    const target = {
      command:
        '{{name}} {{ref}} {{image}} {{projectRoot}} {{offset}} {{none}} end',
      tag: '{{none}}',
      env: { A: '{{none}}', B: 'b' },
    };
    const questions = [{ name: 'none', description: 'Nothing.', default: '' }];
    expect(fill({ target, questions }).options).toEqual({
      ref: 'gcr.io/acme/web:v1',
      command: 'web gcr.io/acme/web:v1 gcr.io/acme/web apps/web ../../ end',
      env: { B: 'b' },
    });
  });

  it('leaves other braces alone', () => {
    const command =
      'docker inspect -f "{{.Id}}" {{ .Name }} {projectRoot} $EXPECTED_REF';
    expect(fill({ target: { command } }).options.command).toBe(command);
  });

  it('fills an answer in once: what stands in it is not filled', () => {
    const questions = [
      { name: 'arguments', description: 'More.', pattern: '^.*$' },
    ];
    const target = { command: 'a {{arguments}}' };
    expect(
      fill({ target, questions }, { arguments: '{{name}} $1' }).options.command,
    ).toBe('a {{name}} $1');
  });
});

/** What is wrong, and what is said of it. */
const BROKEN: readonly (readonly [Json, RegExp])[] = [
  [
    { name: 'other' },
    /recipe\.json: name is "other", and its folder is "kaniko"/,
  ],
  [{ title: undefined }, /recipe\.json lacks "title"/],
  [{ title: 1 }, /: title is no text/],
  [{ titel: 'x' }, /has no "titel"; did you mean "title"\?/],
  [{ target: {} }, /: target lacks "command"/],
  [{ target: { command: 'x', ref: 'y' } }, /: target has a "ref"/],
  [
    { questions: [{ name: 'a', description: 'x', default: '{{file}}' }] },
    /: questions fills in \{\{file\}\}/,
  ],
  [{ target: 'x' }, /: target is no object/],
  [{ detect: {} }, /: detect is no list/],
  [
    { detect: [{ file: 'x' }] },
    /: detect\[0\] has no "file"; did you mean "files"\?/,
  ],
  [
    { detect: [{ text: [{ file: 'x', matches: '(' }] }] },
    /detect\[0\]\.text\[0\]\.matches is no regular expression/,
  ],
  [
    { detect: [{ text: [{ file: 'x' }] }] },
    /text\[0\] lacks "matches", or "lacks"/,
  ],
  [
    { detect: [{ files: ['{{main}}'] }] },
    /: detect fills in \{\{main\}\}, which nothing gives/,
  ],
  [
    { questions: [{ name: 'a b', description: 'x' }] },
    /questions\[0\]\.name is "a b"/,
  ],
  [
    { questions: [{ name: 'ref', description: 'x' }] },
    /the name "ref" twice, or it is ours/,
  ],
  [
    {
      questions: [
        { name: 'a', description: 'x' },
        { name: 'a', description: 'x' },
      ],
    },
    /the name "a" twice/,
  ],
  [
    { questions: [{ name: 'context', like: 'dokcer' }] },
    /like is "dokcer", which is no recipe of ours/,
  ],
  [
    { questions: [{ name: 'pod', like: 'docker' }] },
    /like has no question "pod"/,
  ],
  [
    {
      questions: [
        {
          name: 'a',
          description: 'x',
          default: 'c',
          choices: [{ value: 'b', description: 'x' }],
        },
      ],
    },
    /default is none of the choices/,
  ],
  [
    {
      questions: [
        {
          name: 'a',
          description: 'x',
          choices: [
            { value: 'b', description: 'x', fills: { c: '' } },
            { value: 'd', description: 'x' },
          ],
        },
      ],
    },
    /choices do not fill in the same names/,
  ],
  [
    { target: { command: '{{main}}' } },
    /fills in \{\{main\}\}, which nothing gives\. There are name, ref, /,
  ],
  [{ notes: ['{{file}}'] }, /fills in \{\{file\}\}/],
  [
    { files: [{ template: 'a.sh', path: 'a.sh' }] },
    /files\[0\]\.template is "a\.sh", which is not in files\//,
  ],
  [
    { files: [{ template: 'a.sh', path: 'a.sh', executable: 'yes' }] },
    /template is|executable is neither/,
  ],
  [{ inputs: ['HOME'] }, /inputs\[0\] is no object/],
  [{ liveUpdate: [{ when: {} }] }, /liveUpdate\[0\] lacks "steps"/],
  [{ tools: [{ program: 'x' }] }, /tools\[0\] lacks "get"/],
];

describe('a recipe that is wrong', () => {
  it.each(BROKEN)(
    'is refused, with the file and the key: %j',
    (more, message) => {
      expect(() => parse(more)).toThrow(
        slipwayError('SLIPWAY_E_RECIPE', message),
      );
    },
  );

  it.each([
    ['{', /recipe\.json is no JSON: /],
    ['[]', /recipe\.json is no object/],
    ['null', /recipe\.json is no object/],
  ])('is refused where it is no object of JSON: %s', (text, message) => {
    expect(() => parse(text)).toThrow(
      slipwayError('SLIPWAY_E_RECIPE', message),
    );
  });

  it.each([
    '../other/a',
    '/etc/cron.d/a',
    '{workspaceRoot}/../a',
    '{workspaceRoot}//etc/a',
    'a/../../web2/b',
    '.git/hooks/pre-commit',
    '.Git/hooks/pre-commit',
    '{workspaceRoot}/.git/hooks/pre-commit',
    '{workspaceRoot}/node_modules/nx/bin/nx.js',
    '..\\a',
    '.',
  ])('may not write to %s', (path) => {
    const recipe = parse(
      { files: [{ template: 'a', path }] },
      { 'files/a': 'x' },
    );
    expect(() =>
      fillRecipe(recipe, { name: 'web', ref: 'web', projectRoot: 'apps/web' }),
    ).toThrow(
      slipwayError('SLIPWAY_E_RECIPE', /is no place for a file of the project/),
    );
  });

  it('is refused by recipe.schema.json, too, as far as a schema can', () => {
    const schema = JSON.parse(
      readFileSync(join(__dirname, 'recipe.schema.json'), 'utf8'),
    ) as object;
    const isValid = new Ajv().compile(schema);
    // Names, folders and what refers to something else no schema sees.
    const beyond =
      /folder is|fills in|has a "ref"|twice|like |choices|lacks "command"|template is|lacks "steps"/;
    const passed = BROKEN.filter(
      ([more, { source }]) =>
        !beyond.test(source) &&
        isValid(JSON.parse(JSON.stringify({ ...LEAST, ...more }))) === true,
    );
    expect(passed.map(([more]) => more)).toEqual([]);
  });
});
