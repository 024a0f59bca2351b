import { describeGeneratorSchema } from '../../testing/describe-schema';

describeGeneratorSchema(
  'configuration',
  __dirname,
  'ConfigurationGeneratorSchema',
);
