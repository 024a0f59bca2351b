import { FleetStage, state } from './testing/fleet-stage';

/** An image of two files, and a pod of it that is held. */
async function standing(stage = new FleetStage()): Promise<FleetStage> {
  stage.workspace.set('src/a.js', state('1')).set('data/b', state('1'));
  stage.build();
  stage.addPod('web-1');
  stage.watch();
  await stage.hold();
  return stage;
}

const filesIn = (stage: FleetStage, pod: string) =>
  Object.fromEntries(stage.pods.pods.get(pod)?.container?.files ?? []);

describe('a fleet', () => {
  it('gives nothing to what holds all that its image was built of', async () => {
    const stage = await standing();
    expect(await stage.hold()).toMatchObject({
      containers: 1,
      isNothing: true,
      files: 0,
    });
    expect(stage.pods.pods.get('web-1')?.container?.batches).toBe(0);
    expect(stage.pods.pods.get('web-1')?.annotation).toBeUndefined();
  });

  it('gives all containers what was saved, and takes away what went', async () => {
    const stage = await standing();
    stage.addPod('web-2');
    stage.watch();
    stage.workspace.set('src/a.js', state('2')).set('src/new', state('1'));
    stage.workspace.delete('data/b');
    expect(await stage.hold()).toMatchObject({
      containers: 2,
      files: 3,
      times: { sync: 1 },
      isNothing: false,
    });
    const files = { '/app/a.js': state('2'), '/app/new': state('1') };
    expect(filesIn(stage, 'web-1')).toMatchObject(files);
    expect(filesIn(stage, 'web-2')).toEqual({
      ...files,
      '/app/built': state('built'),
    });
  });

  it('brings a pod up to date that comes later', async () => {
    const stage = await standing();
    stage.workspace.set('src/a.js', state('2'));
    await stage.hold();
    stage.addPod('web-2');
    stage.watch();
    await stage.quiet();
    expect(filesIn(stage, 'web-2')).toMatchObject({ '/app/a.js': state('2') });
    expect(stage.later).toMatchObject([{ containers: 1, files: 1 }]);
  });
});
