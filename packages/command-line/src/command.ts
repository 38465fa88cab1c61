import { Command, type OptionValues } from '@commander-js/extra-typings';

/**
 * A command with its help text, to which options are added.
 * @param name as users call it, `PROJECT:TARGET` @param examples whole command lines
 */
export function openCommand(
  name: string,
  description: string,
  examples: readonly string[] = [],
): Command {
  const command = new Command(name)
    .description(description)
    .showHelpAfterError('(--help lists the options)');
  const title = examples.length > 1 ? 'Examples' : 'Example';
  if (examples.length > 0)
    command.addHelpText(
      'after',
      ['', `${title}:`, ...examples.map((line) => `  ${line}`)].join('\n'),
    );
  return command;
}

/**
 * Reads the command line and runs. What `main` throws is printed as one line, `NAME: MESSAGE`, and
 * the process ends with exit code 1 once nothing is left to do; a command line that commander
 * refuses ends it at once with its message and code 1.
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
export function reportError(name: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  console.error(`${name}: ${message.replace(/\s*\n\s*/g, ' ')}`);
}
