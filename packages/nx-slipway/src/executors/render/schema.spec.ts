import { describeSchema } from '../../testing/describe-schema';

describeSchema('render', __dirname, 'RenderExecutorSchema');
