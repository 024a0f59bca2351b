import { describeSchema } from '../../testing/describe-schema';

describeSchema('down', __dirname, 'DownExecutorSchema');
