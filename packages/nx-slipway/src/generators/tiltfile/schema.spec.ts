import { describeGeneratorSchema } from '../../testing/describe-schema';

describeGeneratorSchema('tiltfile', __dirname, 'TiltfileGeneratorSchema');
