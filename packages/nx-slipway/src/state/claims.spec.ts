import { readdir, rm } from 'node:fs/promises';
import fc from 'fast-check';
import { useTempFolder } from '../testing/temp-folder';
import {
  describeClaim,
  isBefore,
  listClaims,
  parseClaimFile,
  removeClaim,
  takeTicket,
} from './claims';
import { thisOwner } from './owner';

const temp = useTempFolder();

describe('a ticket', () => {
  it('is listed as it was taken, above all before it', async () => {
    const here = await thisOwner();
    const first = await takeTicket(temp.path, here);
    const second = await takeTicket(temp.path, here);
    expect(await listClaims(temp.path)).toEqual([first.ticket, second.ticket]);
    expect(first.before).toEqual([]);
    expect(second.before).toEqual([first.ticket]);
    expect(isBefore(first.ticket, second.ticket)).toBe(true);
  });

  it('is one of a kind, though many are taken at once', async () => {
    const here = await thisOwner();
    const taken = await Promise.all(
      Array.from({ length: 20 }, () => takeTicket(temp.path, here)),
    );
    const listed = await listClaims(temp.path);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(20);
    for (const { ticket } of taken) expect(listed).toContainEqual(ticket);
    listed.slice(1).forEach((claim, index) => {
      expect(isBefore(listed[index]!, claim)).toBe(true);
    });
  });

  it('is taken though somebody deletes the folder at that moment', async () => {
    const here = await thisOwner();
    const folder = temp.at('locks/web');
    let isOver = false;
    const deleting = (async () => {
      while (!isOver) {
        // Fails itself where a ticket comes while it deletes.
        await rm(temp.at('locks'), { recursive: true }).catch(() => undefined);
      }
    })();
    try {
      for (let count = 0; count < 100; count += 1) {
        await takeTicket(folder, here);
      }
    } finally {
      isOver = true;
      await deleting;
    }
  });

  it('tells who took it, and still some of it when it is gone', async () => {
    const { ticket } = await takeTicket(temp.path, await thisOwner());
    const { pid, since } = await describeClaim(temp.path, ticket);
    expect(pid).toBe(process.pid);
    expect(Date.now() - since.getTime()).toBeGreaterThanOrEqual(0);
    await removeClaim(temp.path, ticket.id);
    expect(await readdir(temp.path)).toEqual([]);
    expect(await describeClaim(temp.path, ticket)).toMatchObject({
      pid: process.pid,
      host: 'unknown',
    });
  });
});

describe('parseClaimFile', () => {
  it('takes no other name for a claim, and none for more than one', () => {
    const part = fc.constantFrom('ticket', 'choosing', 'note', '1', 'f', '');
    const name = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 9 }).map((parts) => parts.join('-')),
    );
    fc.assert(
      fc.property(name, (text) => {
        // Each has 16 random hex digits at its end, which these have not.
        expect(parseClaimFile(text)).toEqual([]);
      }),
    );
  });

  it.each(['ticket-1-2-3-a-b', 'choosing-7-1-2-3-a-b', 'note-7-1-2-3-a-b'])(
    'knows a ticket by its number: not %s',
    (start) => expect(parseClaimFile(`${start}-${'0'.repeat(16)}`)).toEqual([]),
  );
});
