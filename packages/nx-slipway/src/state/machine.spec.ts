import { mkdir } from 'node:fs/promises';
import { errorOf } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { machineId, ofWorkspace } from './machine';

const folder = useTempFolder();
const path = () => folder.at('state/machine');

describe('the id of a machine', () => {
  it('is the same each time', async () => {
    const id = await machineId(folder.path);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(await machineId(folder.path)).toBe(id);
  });

  it('is another in each workspace, where the system has none', async () => {
    const id = await ofWorkspace(path());
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(await ofWorkspace(path())).toBe(id);
    expect(await ofWorkspace(folder.at('other/machine'))).not.toBe(id);
  });

  it('is made anew where something else stands', async () => {
    await folder.write({ 'state/machine': 'torn' });
    const id = await ofWorkspace(path());
    expect(await ofWorkspace(path())).toBe(id);
  });

  it('is one for all that ask at once, by the next time', async () => {
    await Promise.all([ofWorkspace(path()), ofWorkspace(path())]);
    const id = await ofWorkspace(path());
    expect(await ofWorkspace(path())).toBe(id);
  });

  it('needs a place', async () => {
    await mkdir(path(), { recursive: true });
    expect((await errorOf(ofWorkspace(path()))).code).toBe('SLIPWAY_E_STATE');
  });
});
