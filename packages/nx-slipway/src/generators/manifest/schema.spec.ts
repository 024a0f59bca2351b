import { describeGeneratorSchema } from '../../testing/describe-schema';

describeGeneratorSchema('manifest', __dirname, 'ManifestGeneratorSchema');
