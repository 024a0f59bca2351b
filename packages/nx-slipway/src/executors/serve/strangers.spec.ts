import { Strangers } from './strangers';

describe('images that nothing builds', () => {
  it('are news when one has come, and neither at first nor when one goes', () => {
    const strangers = new Strangers();
    expect(strangers.take(['postgres:16'])).toBe(false);
    expect(strangers.take(['postgres:16', 'api'])).toBe(true);
    expect(strangers.take(['api', 'postgres:16'])).toBe(false);
    expect(strangers.take(['postgres:16'])).toBe(false);
    expect(strangers.take(['api', 'postgres:16'])).toBe(true);
  });
});
