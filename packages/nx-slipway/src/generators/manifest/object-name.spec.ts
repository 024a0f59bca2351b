import fc from 'fast-check';
import { assertObjectName, objectName } from './object-name';

const LONG =
  'a-very-long-name-of-a-project-that-goes-on-and-on-until-nobody-reads-it';

describe('the name of a project in a cluster', () => {
  it.each([
    ['web', 'web'],
    ['Web', 'web'],
    ['@acme/web', 'acme-web'],
    ['@Acme/Web App_2', 'acme-web-app-2'],
    ['web.api', 'web-api'],
    ['1st', 'app-1st'],
    ['-web-', 'web'],
  ])('of %j is %s', (project, name) => {
    expect(objectName(project)).toBe(name);
  });

  it('keeps two apart that are the same where they are cut', () => {
    const [one, two] = [`${LONG}-1`, `${LONG}-2`].map(objectName);
    expect(one).toMatch(/^a-very-long-name-.*-[0-9a-f]{8}$/);
    expect(one).not.toBe(two);
  });

  it('keeps two apart of which no letter may stay', () => {
    expect(objectName('项目')).toMatch(/^app-[0-9a-f]{8}$/);
    expect(objectName('项目')).not.toBe(objectName('项'));
  });

  it('is one that Kubernetes takes, whatever the project is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        (project) => {
          const name = objectName(project);
          assertObjectName(name);
          expect(objectName(name)).toBe(name);
        },
      ),
    );
  });

  it.each(['Web', '1web', 'web-', 'a.b', '', 'a'.repeat(64)])(
    'is refused as %j, with one that is taken',
    (name) => {
      expect(() => {
        assertObjectName(name);
      }).toThrow('which Kubernetes takes for no Service');
    },
  );
});
