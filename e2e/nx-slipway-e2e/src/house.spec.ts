import { join } from 'node:path';
import { tryRun } from './support/run';

const REPOSITORY = join(__dirname, '../../..');
const PLUGIN = join(REPOSITORY, 'packages/nx-slipway');

/** Lints a text as if it were that file of the plugin. */
async function lint(file: string, text: string): Promise<string> {
  const { output } = await tryRun(
    'sh',
    ['-c', 'printf %s "$TEXT" | npx eslint --stdin --stdin-filename "$FILE"'],
    {
      cwd: PLUGIN,
      env: { ...process.env, FILE: join(PLUGIN, 'src', file), TEXT: text },
    },
  );
  return output;
}

describe('the import rule', () => {
  it.each([
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
  ])('refuses an import %s', async (_way, file, text) => {
    expect(await lint(file, text)).toContain('no-restricted-imports');
  });

  it.each([
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
  ])('allows an import %s', async (_way, file, text) => {
    expect(await lint(file, text)).not.toContain('no-restricted-imports');
  });
});
