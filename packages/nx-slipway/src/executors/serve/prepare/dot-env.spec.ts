import { useTempFolder } from '../../../testing/temp-folder';
import { withoutDotEnv } from './dot-env';

const folder = useTempFolder();

it('is without what the files of our own task say, where it is as they say', async () => {
  await folder.write({
    '.env': 'ROOT=1',
    'shop/.env': 'SHOP=1\nBOTH=$SHOP-2\nOVERRIDDEN=file',
    'shop/.serve.local.env': 'LOCAL=1',
    'shop/.env.serve': 'SERVE=1',
    'shop/environment': 'OTHER=1',
    'web/.env': 'WEB=1',
  });
  const ofUser = { OVERRIDDEN: 'shell', OTHER: '1', WEB: '1' };
  const ofFiles = { ROOT: '1', SHOP: '1', BOTH: '1-2', LOCAL: '1', SERVE: '1' };
  const folders = [folder.path, folder.at('shop'), folder.at('gone')];
  expect(withoutDotEnv({ ...ofUser, ...ofFiles }, folders)).toEqual(ofUser);
});
