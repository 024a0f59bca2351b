export { isStep, stepsOf, type Step } from './steps';
export { Story, type Replacements } from './tell';
