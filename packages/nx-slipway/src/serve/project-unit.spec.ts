import { eventually } from '../testing/wait';
import { useLoopStage } from './testing/loop-stage';

const stage = useLoopStage();
const { folder } = stage;
const copy = (name: string) =>
  `echo run >> ${name}.log; cp ${name}/src ${name}.built`;

beforeEach(() => folder.write({ 'app/src': 'one', 'side/src': 'one' }));

async function saved(text: string, ...images: string[]): Promise<void> {
  for (const image of images) await folder.write({ [`${image}/src`]: text });
  stage.changed(...images.map((image) => `${image}/src`));
}

describe('a project', () => {
  it('is sent an object with two images once when both are saved together', async () => {
    const app = stage.spec('app', { command: copy('app') });
    const command = `sleep 0.2; ${copy('side')}`;
    const side = stage.spec('side', { command });
    const shop = stage.project('shop', { web: [app, side] });
    stage.start([shop]);
    await stage.upToDate();
    const before = shop.passes.length;
    await saved('two', 'app', 'side');
    await eventually('a pass', () => shop.passes.length > before);
    await stage.upToDate();
    const [old, next] = shop.passes.slice(-2).map(({ web = '' }) => web);
    expect(shop.passes).toHaveLength(before + 1);
    const [olds = [], news = []] = [old, next].map((text) => text?.split(','));
    expect(news[0]).not.toBe(olds[0]);
    expect(news[1]).not.toBe(olds[1]);
  });

  it('that is not ready yet gets what is newer, and that alone is told to be ready', async () => {
    const app = stage.spec('app', { command: copy('app') });
    const shop = stage.project('shop', { web: [app] });
    stage.start([shop]);
    await stage.upToDate();
    shop.isSlow = true;
    const since = stage.results().length;
    await saved('two', 'app');
    await eventually('a wait', () => shop.waits.length === 1);
    await saved('three', 'app');
    await eventually('the next wait', () => shop.waits.length === 2);
    for (const ready of shop.waits) ready();
    await stage.upToDate();
    expect(stage.results().slice(since)).toEqual(['superseded', 'ready']);
    expect(shop.passes).toHaveLength(3);
  });

  it('is applied again when an image is put into it otherwise, though no file of it changed', async () => {
    const app = stage.spec('app', { command: copy('app') });
    const shop = stage.project('shop', { web: [app] });
    stage.start([shop]);
    await stage.upToDate();
    shop.uses = 'entrypoint';
    stage.changed('nx.json');
    await eventually('a pass', () => shop.passes.length === 2);
    await stage.upToDate();
    expect(stage.count('change')).toBe(0);
  });

  it('takes what is saved during an apply after it, never in its place', async () => {
    const app = stage.spec('app', { command: copy('app') });
    const shop = stage.project('shop', { web: [app] });
    const { apply } = shop.set;
    let release = () => {};
    let applying = 0;
    let most = 0;
    Object.assign(shop.set, {
      apply: async (...args: Parameters<typeof apply>) => {
        applying += 1;
        most = Math.max(most, applying);
        await new Promise<void>((resolve) => (release = resolve));
        applying -= 1;
        return apply(...args);
      },
    });
    stage.start([shop]);
    await eventually('an apply', () => applying === 1);
    await saved('two', 'app');
    await eventually('two builds', () => stage.runs('app') === 2);
    release();
    await eventually(
      'the next',
      () => shop.passes.length === 1 && applying === 1,
    );
    release();
    await stage.upToDate();
    expect(most).toBe(1);
    expect(shop.passes[0]?.web).not.toBe(shop.passes[1]?.web);
  });
});
