import { delimiter } from 'node:path';
import { errorOf, slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { freezeContext } from './frozen-context';
import { readKubeconfig } from './kubeconfig';
import { kubeconfig } from './testing/kubeconfig';

const folder = useTempFolder();

/** Freezes `context` of those files. */
async function frozen(context: string, ...files: string[]) {
  const KUBECONFIG = files.map((file) => folder.at(file)).join(delimiter);
  const place = { env: { KUBECONFIG }, homedir: folder.at('home') };
  return freezeContext(await readKubeconfig(place), context);
}

const of = (context: string, server: string, token = 'a-token') =>
  kubeconfig({ context, server, user: { token } });

describe('a kubeconfig', () => {
  it('is ~/.kube/config when KUBECONFIG is unset or empty', async () => {
    await folder.write({ 'home/.kube/config': of('a', 'https://a') });
    for (const env of [{}, { KUBECONFIG: '' }]) {
      const config = await readKubeconfig({ env, homedir: folder.at('home') });
      expect(config.contexts.map(({ name }) => name)).toEqual(['a']);
    }
  });

  it('is all files of KUBECONFIG, less those that are not there', async () => {
    await folder.write({
      one: of('a', 'https://a'),
      two: of('b', 'https://b'),
    });
    const context = await frozen('b', 'none', 'one', 'two');
    expect(context.server).toBe('https://b');
  });

  it('has what the first file says of a name that two have', async () => {
    await folder.write({
      one: of('a', 'https://first', 'first-token'),
      two: of('a', 'https://second', 'second-token'),
    });
    const context = await frozen('a', 'one', 'two');
    expect(context.server).toBe('https://first');
    expect(context.user?.token).toBe('first-token');
  });

  it('may be empty beside another', async () => {
    await folder.write({ one: '# nothing\n', two: of('a', 'https://a') });
    expect((await frozen('a', 'one', 'two')).server).toBe('https://a');
  });

  it('may hold a broken entry that nobody asks for', async () => {
    await folder.write({
      one: 'clusters: [null, {name: broken}]\nusers: [null]\ncontexts: 1\n',
      two: of('a', 'https://a'),
    });
    expect((await frozen('a', 'one', 'two')).server).toBe('https://a');
  });

  it('is missed when no file is there', async () => {
    const work = frozen('a', 'none', 'neither');
    await expect(work).rejects.toEqual(
      slipwayError('SLIPWAY_E_KUBECONFIG', /none and .*neither do not exist/),
    );
  });

  it('names a file that is no YAML, and quotes nothing of it', async () => {
    await folder.write({ bad: 'users:\n- token: s3cr3t-s3cr3t\n  [\n' });
    const error = await errorOf(frozen('a', 'bad'));
    expect(error).toEqual(
      slipwayError('SLIPWAY_E_KUBECONFIG', /bad is no YAML: .* \(line \d+\)/),
    );
    expect(`${error.message}${String(error.cause)}`).not.toContain('s3cr3t');
  });

  it.each(['- a list', 'just words', '5'])('refuses %j', async (text) => {
    await folder.write({ bad: text });
    await expect(frozen('a', 'bad')).rejects.toEqual(
      slipwayError('SLIPWAY_E_KUBECONFIG', /bad is no kubeconfig/),
    );
  });

  it('lists the contexts when it has none of that name', async () => {
    await folder.write({
      one: of('a', 'https://a'),
      two: of('b', 'https://b'),
    });
    const error = await errorOf(frozen('c', 'one', 'two'));
    expect(error).toEqual(
      slipwayError('SLIPWAY_E_KUBECONFIG', /no context "c" in .*one, .*two/),
    );
    expect(error.hint).toBe('There are "a", "b".');
  });

  it('names the cluster or the user that a context leads to in vain', async () => {
    const context = { name: 'a', context: { cluster: 'x', user: 'y' } };
    const clusters = [{ name: 'x', cluster: { server: 'https://x' } }];
    await folder.write({
      one: JSON.stringify({ contexts: [context] }),
      two: JSON.stringify({ contexts: [context], clusters }),
    });
    await expect(frozen('a', 'one')).rejects.toEqual(
      slipwayError('SLIPWAY_E_KUBECONFIG', /the cluster "x", which is not in/),
    );
    await expect(frozen('a', 'two')).rejects.toEqual(
      slipwayError('SLIPWAY_E_KUBECONFIG', /no user "y" in/),
    );
  });

  it.each(['127.0.0.1:6443', 'ftp://127.0.0.1', 'https://'])(
    'refuses the server %s',
    async (server) => {
      await folder.write({ one: of('a', server) });
      await expect(frozen('a', 'one')).rejects.toEqual(
        slipwayError('SLIPWAY_E_KUBECONFIG', /no http or https URL/),
      );
    },
  );

  it('refuses credentials in the URL of the server, and shows none', async () => {
    await folder.write({ one: of('a', 'https://me:s3cr3t-pw@127.0.0.1') });
    const error = await errorOf(frozen('a', 'one'));
    expect(error.message).toMatch(/has credentials in its URL/);
    expect(error.message).not.toContain('s3cr3t');
  });

  it('reads the CA once, from beside the file; data wins over it', async () => {
    const clusterFields = { 'certificate-authority': 'ca.crt' };
    const data = Buffer.from('data').toString('base64');
    await folder.write({
      'deep/one': kubeconfig({
        context: 'a',
        server: 'https://a',
        clusterFields,
      }),
      'deep/two': kubeconfig({
        context: 'b',
        server: 'https://b',
        clusterFields: { ...clusterFields, 'certificate-authority-data': data },
      }),
      'deep/ca.crt': 'file',
    });
    const ca = async (context: string) => {
      const { cluster } = await frozen(context, 'deep/one', 'deep/two');
      expect(cluster.caFile).toBeUndefined();
      return Buffer.from(cluster.caData ?? '', 'base64').toString();
    };
    expect(await ca('a')).toBe('file');
    expect(await ca('b')).toBe('data');
  });

  it('says which CA is missing', async () => {
    await folder.write({
      one: kubeconfig({
        context: 'a',
        server: 'https://a',
        clusterFields: { 'certificate-authority': 'none.crt' },
      }),
    });
    await expect(frozen('a', 'one')).rejects.toEqual(
      slipwayError('SLIPWAY_E_KUBECONFIG', /cluster "a".*none\.crt/),
    );
  });
});
