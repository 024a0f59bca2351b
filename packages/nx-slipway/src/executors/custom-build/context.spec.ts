import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { useTempFolder } from '../../testing/temp-folder';
import { kubeconfigFor } from './context';

const folder = useTempFolder();
const { env } = process;

afterEach(() => {
  process.env = env;
});

/** What stands after our own file, when KUBECONFIG is that. */
async function ownFiles(KUBECONFIG: string): Promise<string[]> {
  process.env = { ...env, KUBECONFIG };
  const list = await kubeconfigFor('kind-test', folder.path);
  const [first, ...own] = (list ?? '').split(delimiter);
  expect(first?.startsWith(folder.path)).toBe(true);
  return own;
}

describe('the KUBECONFIG of the command', () => {
  it("leads to the user's own files from any folder", async () => {
    const given = ['one/config', '/two/config', '', '../three'];
    expect(await ownFiles(given.join(delimiter))).toEqual([
      resolve('one/config'),
      '/two/config',
      resolve('../three'),
    ]);
  });

  it('is none in a pod, whose account needs none', async () => {
    process.env = { ...env, KUBECONFIG: folder.at('none') };
    expect(await kubeconfigFor('in-cluster', folder.path)).toBeUndefined();
    await folder.write({ none: '' });
    expect(await kubeconfigFor('in-cluster', folder.path)).toBeDefined();
  });

  it('leads to where kubectl looks by itself', async () => {
    const ofKubectl = join(homedir(), '.kube', 'config');
    expect(await ownFiles('')).toEqual([ofKubectl]);
  });
});
