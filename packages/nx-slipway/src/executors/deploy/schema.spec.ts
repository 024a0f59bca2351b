import { describeSchema } from '../../testing/describe-schema';

describeSchema('deploy', __dirname, 'DeployExecutorSchema');
