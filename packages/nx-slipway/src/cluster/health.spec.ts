import { Health } from './health';

describe('of an API server', () => {
  let time = 0;
  const health = () => new Health(() => time);

  it('is known that it has answered, but not by what stands before it', () => {
    const one = health();
    one.noteAnswer(502);
    expect(one.hasAnswered).toBe(false);
    one.noteAnswer(403);
    expect(one.hasAnswered).toBe(true);
  });

  it('is known for ten seconds that it was away', () => {
    const one = health();
    expect(one.isSettling).toBe(false);
    one.noteSilence();
    time += 9999;
    expect(one.isSettling).toBe(true);
    time += 1;
    expect(one.isSettling).toBe(false);
  });

  it('is told once in a while', () => {
    const one = health();
    const news = [0, 1000, 29_000, 1].map((passed) => {
      time += passed;
      return one.isNews(30_000);
    });
    expect(news).toEqual([true, false, true, false]);
  });
});
