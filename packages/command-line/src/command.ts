import { Command, type OptionValues } from '@commander-js/extra-typings';

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
      write(`${onOneLine(text)}\n`);
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

const onOneLine = (text: string) => text.trim().replace(/\s*\n\s*/g, ' ');
