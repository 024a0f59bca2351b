import { parseReference } from '../image';
import type { ManifestObject } from './types';
import { unusedImageWarnings } from './unused';

/** Without a locator nobody asks for them. */
const NO_TEXTS = { open: () => [], edit: (text: string) => text };

/** What is said of one image, of a Pod with these. */
function warningOf(name: string, ...images: string[]): string[] {
  const containers = images.map((image) => ({ name: 'a', image }));
  const pod: ManifestObject = {
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'x' },
      spec: { containers },
    },
    origin: 'a.yaml',
    line: 1,
    column: 1,
    text: 0,
    document: 0,
    path: [],
  };
  return unusedImageWarnings([parseReference(name)], [pod], [], NO_TEXTS);
}

describe('the warning of an image that no manifest uses', () => {
  it('names a locator where no object has an image', () => {
    expect(warningOf('web')).toEqual([
      'no manifest uses the image web: none of the 1 objects has an image. Where one stands in a kind of your own, a locator in nx.json tells.',
    ]);
  });

  it('names the nearest', () => {
    expect(warningOf('frontend', 'busybox', 'front-end:dev')).toEqual([
      'no manifest uses the image frontend. Did you mean front-end?',
    ]);
  });

  it('lists what the manifests have where none is near, but not all of many', () => {
    expect(
      warningOf('web', 'gcr.io/a/api', 'busybox', '$(X)', 'busybox:1'),
    ).toEqual([
      'no manifest uses the image web; they use busybox, gcr.io/a/api.',
    ]);
    const many = ['aaaaa', 'bbbbb', 'ccccc', 'ddddd', 'eeeee', 'fffff'];
    expect(warningOf('web', ...many)).toEqual([
      'no manifest uses the image web; they use aaaaa, bbbbb, ccccc, ddddd, eeeee and others.',
    ]);
  });

  it('says that a tag is exact where the name is there with another', () => {
    expect(warningOf('web:dev', 'web:1', 'web')).toEqual([
      'no manifest uses the image web:dev. Of that name they use web, web:1; a ref with a tag, and every ref of a name that is built with several, stands only for itself.',
    ]);
  });

  it('is none where nothing is unused', () => {
    expect(unusedImageWarnings([], [], [], NO_TEXTS)).toEqual([]);
  });
});
