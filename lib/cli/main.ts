#!/usr/bin/env node
/** The command line: finds the command, runs it, and turns what it throws into a message and an exit code. */
import { readFileSync, writeSync } from 'node:fs';
import { UsageError } from './command.js';
import { commands } from './commands.js';
import { failureText } from './failure.js';
import { printable } from './printable.js';
import { suggestion, usageMessage } from './usage.js';

const HELP = `Usage: hugepages COMMAND [options]
       hugepages help [COMMAND]
       hugepages --version

Commands:
${commands.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join('\n')}

'hugepages COMMAND --help' tells more about one.
`;

/** What a wrong command line is answered with, and what names its options: of the command, once it is known. */
let usage = HELP;
let help = HELP;

async function run(args: string[]): Promise<number> {
  if (args[0] === 'help') return run([...args.slice(1), '--help']);
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h') {
    process.stdout.write(HELP);
    return 0;
  }
  if (name === '--version') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const entry = commands.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    if (name.startsWith('-')) throw new UsageError(`unknown option ${name}`);
    const names = commands.map((command) => command.name);
    throw new UsageError(`unknown command '${name}'${suggestion(name, names)}`);
  }
  const command = await entry.load();
  help = command.help;
  usage = `${help.split('\n\n', 1).join()}\n\n'hugepages ${name} --help' tells more.\n`;
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(help);
    return 0;
  }
  return command.run(rest);
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function report(error: unknown): number {
  const message = usageMessage(error, help);
  if (message !== undefined) {
    process.stderr.write(`hugepages: ${printable(message)}\n\n${usage}`);
    return 2;
  }
  process.stderr.write(`hugepages: ${failureText(error)}\n`);
  return 1;
}

/** Node fails an assertion when it exits without the terminal that it began with: a signal spares it that. */
function dieOfHangup(): void {
  process.kill(process.pid, 'SIGHUP');
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // The terminal is gone, and SIGHUP on its way. Every further line fails as well.
    if (code === 'EIO') process.off('exit', dieOfHangup).once('exit', dieOfHangup);
    // Nobody reads any more: `hugepages status | head -1`. Exit listeners still tidy up.
    else if (code === 'EPIPE') process.exit();
    else {
      writeSync(2, `hugepages: the output could not be written: ${message}\n`);
      process.exit(1);
    }
  });
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.exitCode = report(error);
}
