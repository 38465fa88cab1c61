export { Option } from '@commander-js/extra-typings';
export { brief, onOneLine } from './brief.ts';
export { callerPath, callerExecutable } from './caller-path.ts';
export { openCommand, runCommand } from './command.ts';
export { formatDuration } from './duration.ts';
export { decimalNumber, wholeNumber, type NumberParser } from './numbers.ts';
export { openProgressBar, type ProgressBar } from './progress-bar.ts';
