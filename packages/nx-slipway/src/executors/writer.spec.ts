import { PassThrough, Writable } from 'node:stream';
import { writerTo } from './writer';

describe('a writer', () => {
  it('waits for nothing while the stream keeps up', () => {
    expect(writerTo(new PassThrough())('text')).toBeUndefined();
  });

  it('answers with one promise until the stream has caught up', async () => {
    const stream = new PassThrough({ highWaterMark: 4 });
    const write = writerTo(stream);
    const ready = write('more than four');
    expect(ready).toBeInstanceOf(Promise);
    expect(write('again')).toBe(ready);
    stream.resume();
    await ready;
    expect(write('x')).toBeUndefined();
    expect(stream.listenerCount('drain')).toBe(0);
  });

  it('waits for no stream that breaks, or is broken', async () => {
    const stream = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => {
        setImmediate(() => done(new Error('EPIPE')));
      },
    });
    stream.on('error', () => undefined);
    const write = writerTo(stream);
    await write('text');
    expect(write('more')).toBeUndefined();
  });
});
