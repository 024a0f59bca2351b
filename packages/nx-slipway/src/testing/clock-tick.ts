import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Until what is written in a folder has another time than all before it. */
export function untilTheClockTicks(folder: string): void {
  const probe = join(folder, 'probe');
  const time = () => {
    writeFileSync(probe, '');
    return statSync(probe).ctimeMs;
  };
  const before = time();
  while (time() === before);
  rmSync(probe);
}
