import { describeSchema } from '../../testing/describe-schema';

describeSchema('custom-build', __dirname, 'CustomBuildExecutorSchema');
