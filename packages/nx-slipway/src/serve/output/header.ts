import { oneLine } from '../../report';
import type { StartEvent, Trigger } from '../events';
import type { Paint } from './paint';
import { someOf } from './some-of';

const MAX_IMAGES = 12;

const TRIGGERS: Readonly<Record<Trigger, string>> = {
  auto: 'auto',
  manual: 'manual: changes wait for slipway trigger',
};

/** What is served, where, and of which images. */
export function header(event: StartEvent, paint: Paint): string[] {
  const images = event.images.map(oneLine).map((name) => paint.subject(name));
  const projects = event.projects.map(({ name, configuration, namespace }) => {
    const full = configuration ? `${name}:${configuration}` : name;
    const shown = paint.subject(oneLine(name), oneLine(full));
    return `${shown} in namespace ${oneLine(namespace)}`;
  });
  return [
    ['context', oneLine(event.context)],
    [
      'registry',
      event.registry === undefined
        ? 'none: images stay in Docker'
        : oneLine(event.registry),
    ],
    ['projects', projects.join(', ')],
    ['images', someOf(images, MAX_IMAGES) || 'none'],
    ['trigger', TRIGGERS[event.trigger]],
  ].map(([name = '', value = '']) => `${paint.dim(name.padEnd(8))}  ${value}`);
}
