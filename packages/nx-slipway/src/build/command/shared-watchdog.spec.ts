import { useTempFolder } from '../../testing/temp-folder';
import { eventually, isAlive } from '../../testing/wait';
import { sharedWatchdog } from './shared-watchdog';
import { familyOf, watchdogsOf } from './testing/processes';

const folder = useTempFolder();
const own = () => `${process.env.PATH}:${folder.path}`;
/** Without the shell that makes one, a child of ours for that moment. */
const known = () =>
  watchdogsOf(
    folder.path,
    (pid) => familyOf(pid).parent !== process.pid,
  ).filter(isAlive);

/** The one that stands ready: the shell that made it has left. */
function ready(): Promise<number> {
  return eventually('a watchdog', () => {
    const [first, ...more] = known();
    return more.length === 0 ? first : undefined;
  });
}

describe('a shared watchdog', () => {
  it('is there before it is needed, once for all, and goes at the end', async () => {
    const watchdogs = sharedWatchdog(own());
    const pid = await ready();
    const guards = [await watchdogs.take(), await watchdogs.take()];
    expect(known()).toEqual([pid]);
    for (const each of guards) each.dismiss();
    watchdogs.close();
    await eventually('its end', () => !isAlive(pid));
  });

  it('is started anew when somebody has ended it', async () => {
    const watchdogs = sharedWatchdog(own());
    const pid = await ready();
    process.kill(pid, 'SIGKILL');
    await eventually('its end', () => !isAlive(pid));
    const guard = await eventually('another', () =>
      known().length > 0 ? true : void watchdogs.take(),
    );
    expect(guard).toBe(true);
    expect(await ready()).not.toBe(pid);
    watchdogs.close();
    await eventually('its end', () => known().length === 0);
  });
});
