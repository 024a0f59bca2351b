import { join } from 'node:path';
import { tryRun } from './support/run';

const REPOSITORY = join(__dirname, '../../..');
const PLUGIN = join(REPOSITORY, 'packages/nx-slipway');

/** [what it is, the file it stands in, the import] */
type Case = readonly [string, string, string];

/**
 * One process lints them all with the plugin's own configuration, which is an
 * ES module that jest cannot load.
 */
const LINT_ALL = `
  import { ESLint } from 'eslint';
  const eslint = new ESLint();
  const rules = [];
  for (const [, file, text] of JSON.parse(process.argv[1])) {
    const [result] = await eslint.lintText(text, { filePath: 'src/' + file });
    rules.push(result.messages.map(({ ruleId }) => ruleId));
  }
  console.log(JSON.stringify(rules));
`;

/** The rules that each import breaks. */
async function lint(cases: readonly Case[]): Promise<string[][]> {
  const { stdout } = await tryRun(
    process.execPath,
    ['--input-type=module', '-e', LINT_ALL, JSON.stringify(cases)],
    { cwd: PLUGIN, env: process.env },
  );
  return JSON.parse(stdout) as string[][];
}

const REFUSED: readonly Case[] = [
  ['up', 'docker/index.ts', "import { buildImage } from '../build';"],
  [
    'sideways to another adapter',
    'docker/index.ts',
    "import { connectRegistry } from '../registry';",
  ],
  [
    'past the face of a room',
    'build/index.ts',
    "import { parseReference } from '../image/reference';",
  ],
  [
    'Nx below the executors',
    'build/index.ts',
    "import { logger } from '@nx/devkit';",
  ],
  [
    "another room's library",
    'image/index.ts',
    "import Dockerode from 'dockerode';",
  ],
  [
    'up from a nested folder',
    'generators/init/generator.ts',
    "import { buildImage } from '../../build';",
  ],
];

const ALLOWED: readonly Case[] = [
  ['down', 'build/index.ts', "import { connectDocker } from '../docker';"],
  [
    'sideways to a pure room',
    'docker/index.ts',
    "import { contentId } from '../image';",
  ],
  [
    'within a room',
    'image/index.ts',
    "import { contentId } from './content-id';",
  ],
  [
    'Nx in an executor',
    'executors/workspace.ts',
    "import { logger } from '@nx/devkit';",
  ],
  [
    'down from a nested folder',
    'executors/custom-build/executor.ts',
    "import { buildImage } from '../../build';",
  ],
];

describe('the import rule', () => {
  let broken: string[][];

  beforeAll(async () => {
    broken = await lint([...REFUSED, ...ALLOWED]);
  });

  const each = (cases: readonly Case[], first: number) =>
    it.each(cases.map(([way], index) => [way, first + index] as const));

  each(REFUSED, 0)('refuses an import %s', (_way, index) => {
    expect(broken[index]).toContain('no-restricted-imports');
  });

  each(ALLOWED, REFUSED.length)('allows an import %s', (_way, index) => {
    expect(broken[index]).not.toContain('no-restricted-imports');
  });
});
