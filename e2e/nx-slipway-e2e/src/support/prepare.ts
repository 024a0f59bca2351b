import { ensureSandbox } from '@nx-slipway/sandbox';
import { packPlugin, workspaceTemplate } from './template';

/** Once for all files: the sandbox, the tarball and the template of workspaces. */
async function prepare(): Promise<void> {
  await ensureSandbox();
  const tarball = await packPlugin();
  const template = await workspaceTemplate(tarball);
  process.stdout.write(`${JSON.stringify({ tarball, template })}\n`);
}

prepare().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
