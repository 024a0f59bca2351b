import { isDeepStrictEqual } from 'node:util';
import type { GeneratorValue } from 'fast-check';
import fc from 'fast-check';
import type { JsonValue } from '../../locate';

const KEYS = ['image', 'name', 'args', 'on', 'x y', '1', 'acme.dev/a'];
const TEXTS = [
  'web',
  'r:5000/web:1',
  'on',
  '1',
  '',
  "it's",
  'a: b',
  'x #y',
  '- a',
  '~',
  '*a',
  'one\ntwo\n',
  'l1\n\n  l2',
];
const PLAIN = /^(?!on$)[a-z][a-z0-9./]*(?::[a-z0-9./]+)*$/i;

/** Some value, often with equal parts. */
export function someValue(g: GeneratorValue, depth = 3): JsonValue {
  const kind = depth === 0 ? 0 : g(fc.nat, { max: 3 });
  if (kind < 2) return g(fc.constantFrom<JsonValue[]>, ...TEXTS, 1, true, null);
  const inner = Array.from({ length: g(fc.nat, { max: 3 }) }, () =>
    someValue(g, depth - 1),
  );
  if (kind === 2) return inner;
  return Object.fromEntries(
    inner.map((value) => [g(fc.constantFrom<string[]>, ...KEYS), value]),
  );
}

/**
 * A map as people write YAML: blocks and flows, all quotes, comments, anchors
 * with aliases and merges.
 */
export class YamlWriter {
  private readonly anchors: { name: string; value: JsonValue }[] = [];
  private count = 0;

  constructor(private readonly g: GeneratorValue) {}

  write(map: Readonly<Record<string, JsonValue>>): string {
    return Object.entries(map)
      .map(([key, value]) => `${this.line(0)}${this.pair(key, value, 2)}`)
      .join('');
  }

  private chance(percent: number): boolean {
    return this.g(fc.nat, { max: 99 }) < percent;
  }

  private comment(): string {
    return this.chance(15) ? ` # c${this.count++}` : '';
  }

  /** What can stand between two lines, and the indentation of the next. */
  private line(indent: number): string {
    const blanks = ' '.repeat(indent);
    const between = this.chance(8) ? '\n' : '';
    const comment = this.chance(10) ? `${blanks}# c${this.count++}\n` : '';
    return between + comment + blanks;
  }

  private pair(key: string, value: JsonValue, indent: number): string {
    return `${this.scalar(key)}:${this.value(value, indent, false)}`;
  }

  private known(value: JsonValue): string | undefined {
    return [...this.anchors]
      .reverse()
      .find((each) => isDeepStrictEqual(each.value, value))?.name;
  }

  /** All of a value behind its colon or dash, the line end too. */
  private value(value: JsonValue, indent: number, inList: boolean): string {
    const known = this.known(value);
    if (known && this.chance(40)) return ` *${known}${this.comment()}\n`;
    const name = this.chance(25) ? `a${this.count++}` : undefined;
    const anchor = name ? ` &${name}` : '';
    const text = this.fresh(value, indent, anchor, inList);
    if (name) this.anchors.push({ name, value });
    return text;
  }

  private fresh(
    value: JsonValue,
    indent: number,
    anchor: string,
    inList: boolean,
  ): string {
    const size = Object.keys(value ?? {}).length;
    if (typeof value === 'string' && /^[^\s#]/.test(value) && this.chance(30)) {
      return `${anchor} ${this.block(value, indent)}`;
    }
    if (typeof value !== 'object' || size === 0 || this.chance(20)) {
      return `${anchor} ${this.flow(value)}${this.comment()}\n`;
    }
    const lines = Array.isArray(value)
      ? this.items(value as JsonValue[], indent)
      : this.pairs(value as Record<string, JsonValue>, indent);
    const isCompact = inList && !anchor && !Array.isArray(value);
    const [first = '', ...rest] = lines;
    const start = isCompact ? ' ' : `${anchor}${this.comment()}\n`;
    const lead = isCompact ? '' : ' '.repeat(indent);
    return start + lead + first + rest.join('');
  }

  private items(values: JsonValue[], indent: number): string[] {
    return values.map(
      (value, index) =>
        `${index === 0 ? '' : this.line(indent)}-${this.value(value, indent + 2, true)}`,
    );
  }

  private pairs(map: Record<string, JsonValue>, indent: number): string[] {
    const base = this.anchors.find(
      ({ value }) =>
        Object.keys(value ?? {}).length > 0 &&
        typeof value === 'object' &&
        !Array.isArray(value) &&
        Object.keys(value ?? {}).every((key) => Object.hasOwn(map, key)),
    );
    const isMerged = base !== undefined && this.chance(60);
    const merged = isMerged ? (base.value as Record<string, JsonValue>) : {};
    const own = Object.entries(map).filter(
      ([key, value]) =>
        !Object.hasOwn(merged, key) || !isDeepStrictEqual(merged[key], value),
    );
    const lines = own.map(
      ([key, value]) =>
        () =>
          this.pair(key, value, indent + 2),
    );
    const all = isMerged
      ? [() => `<<: *${base.name}${this.comment()}\n`, ...lines]
      : lines;
    return all.map(
      (write, index) => (index === 0 ? '' : this.line(indent)) + write(),
    );
  }

  private block(text: string, indent: number): string {
    const end = /\n*$/.exec(text)?.[0].length ?? 0;
    const lines = text.replace(/\n$/, '').split('\n');
    const body = lines.map((line) => (line ? ' '.repeat(indent) + line : ''));
    return `|${end === 0 ? '-' : ''}${this.comment()}\n${body.join('\n')}\n`;
  }

  private flow(value: JsonValue): string {
    if (Array.isArray(value)) {
      return `[${(value as JsonValue[]).map((item) => this.flow(item)).join(', ')}]`;
    }
    if (typeof value !== 'object' || value === null) return this.scalar(value);
    const entries = Object.entries(value).map(
      ([key, inner]) => `${this.scalar(key)}: ${this.flow(inner)}`,
    );
    return `{${entries.join(', ')}}`;
  }

  private scalar(value: JsonValue): string {
    if (typeof value !== 'string') return JSON.stringify(value);
    const style = this.g(fc.nat, { max: 2 });
    if (style === 0 && PLAIN.test(value)) return value;
    if (style === 1 && !value.includes('\n')) {
      return `'${value.replaceAll("'", "''")}'`;
    }
    return JSON.stringify(value);
  }
}
