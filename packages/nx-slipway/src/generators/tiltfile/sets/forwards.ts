import type { Value } from '../read';
import { asText, given, unread, type Read, type Reader } from '../values';
import type { Forward } from './types';

const LOOPBACK = ['localhost', '127.0.0.1', '::1', '[::1]'];

/**
 * What `port_forwards` takes: `8080`, `'8080'`, `'8080:80'`, `'localhost:8080:80'`
 * and `port_forward(8080, 80)`, or several.
 */
export const asForwards: Reader<Forward[]> = (value) => {
  const all = value.kind === 'list' ? value.items : [value];
  const forwards: Forward[] = [];
  const less: string[] = [];
  for (const each of all) {
    const read = forwardIn(each);
    if ('why' in read) return read;
    forwards.push(read.value);
    less.push(...(read.less ?? []));
  }
  return { value: forwards, less };
};

function forwardIn(value: Value): Read<Forward> {
  if (value.kind === 'number')
    return forward([String(value.value)], value.text);
  if (value.kind === 'call' && value.name === 'port_forward') {
    return called(value);
  }
  const text = asText(value);
  if ('why' in text) return text;
  const [, host, ports = ''] =
    /^(?:(.*?):)??(\d+(?::\d+)?)$/.exec(text.value) ?? [];
  return forward(ports.split(':'), value.text, host);
}

function called(value: Extract<Value, { kind: 'call' }>): Read<Forward> {
  const taken = given(value, [
    ...['local_port', 'container_port', 'name', 'link_path', 'host'],
  ]);
  const port = taken.take('local_port', asPort);
  const containerPort = taken.take('container_port', asPort);
  const host = taken.take('host', asText);
  if (taken.problems.length > 0 || port === undefined) {
    return {
      why: `is ${value.text}: ${taken.problems.join('; ') || 'no port'}`,
    };
  }
  const ports = [port, ...(containerPort ? [containerPort] : [])];
  return forward(ports.map(String), value.text, host);
}

const asPort: Reader<number> = (value) =>
  value.kind === 'number' ? { value: value.value } : unread(value, 'no port');

function forward(
  ports: readonly string[],
  text: string,
  host?: string,
): Read<Forward> {
  const [port = NaN, containerPort] = ports.map((each) =>
    each === '' ? NaN : Number(each),
  );
  const isPort = (each: number) =>
    Number.isInteger(each) && each > 0 && each < 65536;
  if (
    !isPort(port) ||
    (containerPort !== undefined && !isPort(containerPort))
  ) {
    return { why: `is ${text}, which is no port` };
  }
  const isOpen = host !== undefined && host !== '' && !LOOPBACK.includes(host);
  return {
    value: { port, ...(containerPort && { containerPort }) },
    less: isOpen ? [`${text} is forwarded on loopback alone`] : [],
  };
}
