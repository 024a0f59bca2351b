import { useTempFolder } from '../../testing/temp-folder';
import { eventually, isAlive } from '../../testing/wait';
import { spareWatchdog } from './spare-watchdog';
import { watchdogsOf } from './testing/processes';

const folder = useTempFolder();
const own = () => `${process.env.PATH}:${folder.path}`;
const known = () => watchdogsOf(folder.path).filter(isAlive);

/** The one that stands ready: the shell that made it has left. */
function ready(): Promise<number> {
  return eventually('a watchdog', () => {
    const [first, ...more] = known();
    return more.length === 0 ? first : undefined;
  });
}

describe('a spare watchdog', () => {
  it('is there before it is needed, and once', async () => {
    const watchdogs = spareWatchdog(own());
    watchdogs.rest();
    watchdogs.rest();
    const pid = await ready();
    const taken = await watchdogs.take('/nowhere');
    expect(known()).toEqual([pid]);
    taken.dismiss();
    await eventually('its end', () => !isAlive(pid));
    watchdogs.close();
  });

  it('is started for who comes when none is there', async () => {
    const watchdogs = spareWatchdog('/nowhere');
    const taken = await watchdogs.take(own());
    const pid = await ready();
    taken.dismiss();
    await eventually('its end', () => !isAlive(pid));
    watchdogs.close();
  });

  it('goes when all is over, and does not come again', async () => {
    const watchdogs = spareWatchdog(own());
    watchdogs.rest();
    const pid = await ready();
    watchdogs.close();
    await eventually('its end', () => !isAlive(pid));
    watchdogs.rest();
    expect(known()).toEqual([]);
  });
});
