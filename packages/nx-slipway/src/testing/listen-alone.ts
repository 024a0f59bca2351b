import { withCancellation } from '../executors/cancellation';

/** A program that listens for its end as often as the requests of a large deploy do. */
void withCancellation((signal) => {
  for (let count = 0; count < 20; count++) {
    signal.addEventListener('abort', () => undefined);
  }
  return Promise.resolve();
}).then(() => process.disconnect());
