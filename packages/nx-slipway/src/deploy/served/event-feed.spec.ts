import type { Target } from '../desired';
import type { LiveObject } from '../live';
import { EVENTS, type Collection } from '../watches';
import { EventFeed } from './event-feed';
import type { Following } from './following';

const COLLECTION: Collection = { resource: EVENTS, namespace: 'shop' };
const object = (kind: string, uid: string, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: uid, uid, ...metadata },
});
const event = (name: string, about: string, resourceVersion = '1') => ({
  ...object('Event', name, { resourceVersion }),
  involvedObject: { uid: about },
});

describe('the events of a set', () => {
  let now: number;
  let events: LiveObject[];
  let pods: LiveObject[];
  let isSeen: boolean;
  let told: string[];
  let feed: EventFeed;

  beforeEach(() => {
    now = 0;
    events = [event('before', 'web')];
    pods = [];
    isSeen = true;
    told = [];
    const web = object('ReplicaSet', 'web');
    const following = {
      events: () => [COLLECTION],
      watches: { sees: () => isSeen, all: () => events },
      find: () => web,
      withPods: (targets: readonly Target[]) =>
        targets.map((target) => {
          return { target, live: web, related: { pods, replicaSets: [] } };
        }),
    } as unknown as Following;
    feed = new EventFeed(
      following,
      () => [{} as Target],
      () => now,
    );
    feed.listen(({ metadata: { name, resourceVersion } }) =>
      told.push(`${name} ${resourceVersion}`),
    );
    feed.look();
  });

  const comes = (...more: LiveObject[]) => {
    events = [...events, ...more];
    feed.look();
  };

  it('are those that come from now on, each time that they do', () => {
    comes(event('a', 'web'));
    events = events.map((each) =>
      each.metadata.name === 'a' ? event('a', 'web', '2') : each,
    );
    feed.look();
    feed.look();
    expect(told).toEqual(['a 1', 'a 2']);
  });

  it('are none of others', () => {
    comes(event('a', 'other'));
    now = 60_000;
    pods = [object('Pod', 'other')];
    feed.look();
    expect(told).toEqual([]);
  });

  it('may be heard of before the pod that they are about, and after it has gone', () => {
    comes(event('a', 'pod'));
    const ownerReferences = [{ uid: 'web', controller: true }];
    pods = [object('Pod', 'pod', { ownerReferences })];
    feed.look();
    expect(told).toEqual(['a 1']);
    pods = [];
    comes(event('b', 'pod'));
    expect(told).toEqual(['a 1', 'b 1']);
  });

  it('come again when what was not seen for a while is', () => {
    isSeen = false;
    comes(event('a', 'web'));
    expect(told).toEqual([]);
    isSeen = true;
    feed.look();
    expect(told).toEqual(['a 1']);
  });
});
