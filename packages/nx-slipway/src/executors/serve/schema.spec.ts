import { describeSchema } from '../../testing/describe-schema';

describeSchema('serve', __dirname, 'ServeExecutorSchema');
