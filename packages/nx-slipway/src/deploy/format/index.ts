export { formatPlan, formatReport } from './lines';
export { markdownSummary } from './markdown';
export { shownReport } from './shown';
