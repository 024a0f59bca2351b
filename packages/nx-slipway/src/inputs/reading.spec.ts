import { chmod, mkdir } from 'node:fs/promises';
import { slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { depFiles } from './dep-files';
import { inputHash, type InputFacts } from './input-hash';
import { reading } from './reading';

const folder = useTempFolder();
const NOBODY = 65_534;

/** Does `work` as a user whom permissions hold for. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

const find = (dep: string) =>
  depFiles({
    root: folder.path,
    projectRoot: folder.at('app'),
    manifests: [],
    deps: [{ path: folder.at(dep) }],
    ignore: [],
    outputs: [],
  });
const unreadable = (what: RegExp) =>
  slipwayError('SLIPWAY_E_DEPS_UNREADABLE', what);

describe('an input that cannot be read', () => {
  beforeEach(() => chmod(folder.path, 0o755));

  it('may be a file', async () => {
    await folder.write({ 'app/secret': 'x' });
    await chmod(folder.at('app/secret'), 0);
    const files = [folder.at('app/secret')];
    await expect(
      asNobody(() => inputHash(folder.path, files, {} as InputFacts)),
    ).rejects.toThrow(unreadable(/app\/secret.*EACCES/));
  });

  it('may be a folder in a dep', async () => {
    await mkdir(folder.at('app/closed'), { recursive: true });
    await chmod(folder.at('app/closed'), 0);
    await expect(asNobody(() => find('app'))).rejects.toThrow(
      unreadable(/EACCES.*app\/closed/),
    );
  });

  it('may be a link that leads to itself', async () => {
    await folder.link('round', 'round');
    await expect(find('round')).rejects.toThrow(unreadable(/ELOOP/));
  });
});

it('changes no error but those of the system', async () => {
  const error = new TypeError('ours');
  await expect(reading('x', () => Promise.reject(error))).rejects.toBe(error);
});
