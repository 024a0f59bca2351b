import { holdsItself, type FieldSet } from './field-set';

/**
 * Whether a field is in a set, named as the API server names it in conflicts:
 * `.spec.template.spec.containers[name="web"].image`.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/fieldpath/element.go
 */
export function isField(path: string, set: FieldSet): boolean {
  if (path === '') return holdsItself(set);
  return Object.entries(set).some(([element, inner]) => {
    const name = nameOf(element);
    // Names hold dots, too, and are not quoted: others may begin the same.
    return (
      name !== undefined &&
      path.startsWith(name) &&
      isField(path.slice(name.length), inner)
    );
  });
}

/** @returns undefined for what is no step: the thing itself */
function nameOf(element: string): string | undefined {
  const rest = element.slice(2);
  switch (element.slice(0, 2)) {
    case 'f:':
      return `.${rest}`;
    case 'k:': {
      const keys = Object.entries(JSON.parse(rest) as object).sort();
      const words = keys.map(
        ([key, value]) => `${key}=${JSON.stringify(value)}`,
      );
      return `[${words.join(',')}]`;
    }
    case 'v:':
      return `[=${rest}]`;
    case 'i:':
      return `[${rest}]`;
    default:
      return undefined;
  }
}
