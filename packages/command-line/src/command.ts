import { Command, type OptionValues } from '@commander-js/extra-typings';
import { brief, onOneLine } from './brief.ts';

/**
 * A command with its help text, to which options are added. A command line that it refuses is
 * answered by one line on standard error and exit code 1.
 * @param name as users call it, `PROJECT:TARGET`
 * @param examples whole command lines
 * @param remarks lines of the help text between the options and the examples
 */
export function openCommand(
  name: string,
  description: string,
  examples: readonly string[] = [],
  remarks: readonly string[] = [],
): Command {
  const command = new Command(name).description(description).configureOutput({
    // commander gives what may have been meant a line of its own
    outputError: (text, write) => {
      write(`${onOneLine(withBriefValues(text))}\n`);
    },
  });
  const title = examples.length > 1 ? 'Examples:' : 'Example:';
  const indented = examples.map((line) => `  ${line}`);
  if (remarks.length > 0) command.addHelpText('after', ['', ...remarks].join('\n'));
  if (examples.length > 0) command.addHelpText('after', ['', title, ...indented].join('\n'));
  return command;
}

/**
 * Reads the command line and runs. What `main` throws is printed as one line, `NAME: MESSAGE`, and
 * the process ends with exit code 1 once nothing is left to do.
 * @param main gets the options, typed by the command's own declarations
 */
export async function runCommand<Flags extends OptionValues>(
  command: Command<[], Flags>,
  main: (flags: Flags) => Promise<void> | void,
): Promise<void> {
  outliveOutputs(command.name());
  command.parse();
  try {
    await main(command.opts());
  } catch (error) {
    reportError(command.name(), error);
    process.exitCode = 1;
  }
}

/** Prints an error on one line of standard error, behind the name of the command. */
function reportError(name: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  console.error(`${name}: ${onOneLine(message)}`);
}

/** commander's message, whose values stand in quotes, with long ones cut. */
const withBriefValues = (text: string) =>
  text.replace(/'([^']*)'/g, (_, value: string) => `'${brief(value)}'`);

/**
 * A closed pipe or a full disk behind an output ends no work: it is said once, on the other one,
 * and the program goes on.
 */
function outliveOutputs(name: string): void {
  const outputs = [process.stdout, process.stderr] as const;
  for (const output of outputs) {
    const other = output === process.stdout ? process.stderr : process.stdout;
    const which = output === process.stdout ? 'standard output' : 'standard error';
    let told = false;
    output.on('error', ({ message }) => {
      if (!told) other.write(`${name}: ${which} is lost (${message}); goes on without\n`);
      told = true;
    });
  }
}
