import { unknownImage } from '../../unknown-image';
import type { ServeControls, ServeStatus } from '../../status';

const SINCE = '2026-01-31T12:30:00.000Z';

/** Controls that tell what they are asked for, of a serve of these images. */
export function recordingControls(
  images: readonly string[],
  say: (line: string) => void,
): ServeControls {
  let isPaused = false;
  return {
    status: (): ServeStatus => ({
      schema: 1,
      pid: process.pid,
      startedAt: SINCE,
      context: 'kind-dev',
      trigger: 'auto',
      isPaused,
      isUpToDate: true,
      images: images.map((name) => ({ name, state: 'current', since: SINCE })),
      projects: [
        { name: 'shop', namespace: 'shop', state: 'ready', since: SINCE },
      ],
      portForwards: [],
    }),
    trigger(image) {
      if (image !== undefined && !images.includes(image)) {
        throw unknownImage(image, images);
      }
      say(`trigger ${image ?? 'all'}`);
    },
    pause() {
      isPaused = true;
      say('pause');
    },
    resume() {
      isPaused = false;
      say('resume');
    },
  };
}
