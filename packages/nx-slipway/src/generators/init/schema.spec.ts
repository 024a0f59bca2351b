import { describeGeneratorSchema } from '../../testing/describe-schema';

describeGeneratorSchema('init', __dirname, 'InitGeneratorSchema');
