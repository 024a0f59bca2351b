import { join } from 'node:path';
import { execa } from 'execa';
import {
  packPlugin,
  workspaceTemplate,
} from '../e2e/nx-slipway-e2e/src/support/template';
import { TestWorkspace } from '../e2e/nx-slipway-e2e/src/support/workspace';

/** A workspace with the plugin as it is now, built, packed and installed. */
export async function pluginWorkspace(): Promise<TestWorkspace> {
  process.env.SLIPWAY_E2E_TEMPLATE ??= await builtTemplate();
  return TestWorkspace.create();
}

async function builtTemplate(): Promise<string> {
  await execa('node_modules/.bin/nx', ['build', 'nx-slipway'], {
    cwd: join(__dirname, '..'),
    env: { NX_DAEMON: 'false', NX_TUI: 'false' },
  });
  return workspaceTemplate(await packPlugin());
}
